// Modules that are known only at run time: a configuration, and what reads TypeScript where Node does not. The launcher puts its own
// `import` here, because the bundle may be a script.

export const loader: { load: (specifier: string) => Promise<unknown> } = {
  load: (specifier) => import(specifier),
};
