// What is wrong with a configuration file, in words that name the file and the key; exit code 2.

export class ConfigError extends Error {}
