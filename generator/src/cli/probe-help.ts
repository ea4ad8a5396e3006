// What `dlshim probe --help` says besides its options.

export const PROBE_HELP = `
What is told comes from the files that the loader would take: found as it finds them (LD_LIBRARY_PATH, ld.so.cache, RUNPATH, and
DLSHIM_<LIBRARY> before all of these), with the symbols that they export and the libraries that they need. One library gives details,
several give a table.

Examples:
  dlshim probe                             a table of all libraries of dlshim.config.ts
  dlshim probe librbd                      everything about one
  dlshim probe librbd --load               what the library itself says of its version, too
  dlshim probe librbd --path /opt/ceph/lib/librbd.so.1
  dlshim probe ./shims/librbd.ts           without a configuration
  dlshim probe @dlshim/shims/libcurl --json

Exit codes: 0 all are usable; 1 at least one is absent, incompatible, or cannot be loaded; 2 usage or configuration.`;
