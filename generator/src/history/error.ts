// What is wrong with a history or with what is to be added to it, in words for the user; exit code 2.

export class HistoryError extends Error {}
