// A driver whose module never comes to an end.
await new Promise(() => {});

export default {};
