// The version of the generator; the one place besides package.json, and a test holds the two together.
export const version = '0.1.0';
