// Symbols whose names JavaScript objects know already.
int __proto__(int value) { return value + 1; }
int constructor(int value) { return value + 2; }
int toString(int value) { return value + 3; }
int hasOwnProperty(int value) { return value + 4; }
int valueOf(int value) { return value + 5; }
