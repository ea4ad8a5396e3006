// What `--help` says behind the options of the program and of its commands.

export const HISTORY = `
Examples:
  dlshim history add librbd --library-version 16.2.15 --source 'Debian bookworm, librbd-dev 16.2.15+ds-0+deb12u1'
  dlshim history add libiscsi --library-version 1.8.0 --source 'github.com/sahlberg/libiscsi, tag 1.8.0' \\
    -I libiscsi-1.8.0/include --export-list libiscsi-1.8.0/lib/libiscsi.syms --soname libiscsi.so.1
  dlshim history add zlib --snapshot zlib-1.2.13.json --source 'zlib.net'
  dlshim history list librbd
  dlshim history show libiscsi scsi_task
  dlshim verify libiscsi --at 1.8.0 -I libiscsi-1.8.0/include`;

export const GENERATE = `
Trimmed shims. With --used-by, or \`usedBy\` in the configuration, a shim carries what the sources use: functions by any way to call or name
them, features that has() and \`require\` ask for with the functions they stand for, types, records, constants, what a driver's
descriptor requires; and what these reach. It needs no earlier shim: what is used is looked up in the headers, and what these do not
have is an error at its place. A name that only a running program knows (rbd.fn[name]) is one, too, unless --keep, or \`keep\` in the
configuration, names something of the library: then it is taken to be among those.

Examples:
  dlshim generate                                              all libraries of dlshim.config.ts
  dlshim generate librbd --check                               fail when shims/librbd.ts is not what would be generated
  dlshim generate --header zlib.h --library libz.so.1 --out shims
  dlshim generate --used-by 'src/**/*.ts' --used-by '!src/**/*.test.ts'
  dlshim generate --used-by 'src/**/*.ts' --keep 'rbd_aio_*' --check

Exit codes: 0 done; 1 drift, or something is used that the headers do not have; 2 usage or configuration; 3 headers that cannot be
understood.`;

export const MAIN = `
Examples:
  dlshim generate                          all libraries of dlshim.config.ts
  dlshim generate librbd --check           fail when shims/librbd.ts is not what would be generated
  dlshim generate --header rbd/librbd.h --library librbd.so.1 --out shims
  dlshim generate --header gtk/gtk.h --pkg-config gtk+-3.0 --own gtk --library libgtk-3.so.0 --name gtk3
  dlshim snapshot --header zlib.h > zlib.json
  dlshim snapshot --facts --header zlib.h --out zlib-facts.json
  dlshim verify --header zlib.h --cc clang
  dlshim diff librbd@14.2.21 librbd@18.2.7
  dlshim report librbd --out site --no-machine
  dlshim lint src/driver.ts --baseline librbd=14.2.21
  dlshim packaging --format debian         what packages a program depends on whose drivers open libraries
  dlshim probe                             what is installed of all libraries, without loading any
  dlshim drivers 'src/drivers/*.ts' -o src/known.ts
  dlshim history add librbd --library-version 16.2.15 --source 'Debian bookworm'

Exit codes: 0 done; 1 drift, or a check that failed; 2 usage or configuration; 3 headers, or drivers, that cannot
be understood; 70 a defect of dlshim.`;

export const PROBE = `
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

export const PACKAGING = `
A library that is opened at run time is in no DT_NEEDED: tools that make dependencies of packages do not see it. This
says it in their words. Formats:
  text        for people
  json        the UAPI group's ELF dlopen metadata: what libraries each feature needs, and how much
  elf         the same as notes of a shared object that has nothing else, to be installed with the program: readelf -n,
              dh_dlopenlibdeps, rpm's generator and systemd-analyze dlopen-metadata read it
  debian      Depends, Recommends and Suggests, with the versions that serve
  substvars   the same as dlopen:Depends=… for debian/PACKAGE.substvars, where there is no dh_dlopenlibdeps
  rpm         Requires, Recommends and Suggests: librbd.so.1()(64bit)

A driver's libraries have its priority, optional ones are suggested. Several names of one library are alternatives, without
those that lack what a driver requires.

Debian, with dh-dlopenlibdeps (Debian 13) and the libraries, of which it asks dpkg, in Build-Depends:
  debian/rules:    #!/usr/bin/make -f
                   include /usr/share/dpkg/architecture.mk
                   %:
                   	dh $@ --with dlopenlibdeps
                   override_dh_install:
                   	dh_install
                   	dlshim packaging --format elf --target $(DEB_HOST_GNU_TYPE) -o debian/blockimg/usr/lib/blockimg/dlopen-notes.so
  debian/control:  Depends: \${misc:Depends}, \${dlopen:Depends}
                   Recommends: \${dlopen:Recommends}
                   Suggests: \${dlopen:Suggests}
Without it, or for versions, other suites' alternatives and packages with a dot in their name, which it passes over before 0.16:
  debian/rules:    override_dh_gencontrol:
                   	dlshim packaging --format substvars >> debian/blockimg.substvars
                   	dh_gencontrol
RPM: with package-notes in BuildRequires, its generator reads the object below %{buildroot}:
  %install         dlshim packaging --format elf --target %{_arch}-linux-gnu -o %{buildroot}%{_libdir}/blockimg/dlopen-notes.so
Without it, the lines of --format rpm go into the spec.

Examples:
  dlshim packaging                                   the drivers of dlshim.config.ts; without any, its libraries
  dlshim packaging --format debian 'src/drivers/*.ts' '!src/drivers/old-*.ts'
  dlshim packaging --format json shims/librbd.ts --priority required
  dlshim packaging --format elf -o dlopen-notes.so --check

Exit codes: 0 done; 1 --check, and the file differs; 2 usage or configuration; 3 something is wrong with a driver.`;

export const DIFF = `
Each change is rated:
  compatible     programs compile and run as before
  recompile      they compile unchanged, and have to be compiled again
  break          they do not compile, link or load, and are told so
  silent break   what was compiled is linked and loaded without a word, and something else happens

Exit codes: 0 nothing but compatible changes; 1 there are others (--fail-on any: there are changes at all).

Examples:
  dlshim diff librbd@14.2.21 librbd@18.2.7
  dlshim diff old.json new.json --markdown > changes.md
  dlshim diff v1/foo.h v2/foo.h --breaks`;

export const REPORT = `
A page has the library's symbols, features, changes, records, constants and typedefs against the versions of its \`history\`
(of a library without one, the version of its snapshot). It needs no network, and no script to be read; with
one, / searches all tables. On paper everything is open. It names the file that is installed here, with its
path: pages that are to be published or committed are made with --no-machine.

Examples:
  dlshim report                              report/LIBRARY.html for all libraries of dlshim.config.ts
  dlshim report librbd --out site --no-machine`;

export const LINT = `
A weak function is guarded by has() of a feature that it belongs to, a check for undefined, \`?.\`, open({ require }), or
what inspect() says; \`!\`, \`as\` and any take it without. Versions are those of the library's \`history\` in the
configuration, else what the shim's own module knows.

Errors:
  unguarded         a function that some version lacks is used without a check
  below-baseline    a function that is required is not in the versions of --baseline
  absent-constant   a constant that some version lacks stands without a check; absent-member: a record's member
  changed-constant  a constant that has another value in some version
  removed           it is gone from newer versions
  any               a table is any: nobody can tell what is used of it
Warnings: deprecated; unused-feature: has() is asked, and none of the feature's functions is used.

Exit codes: 0 no errors; 1 there are some.

Examples:
  dlshim lint src/driver.ts
  dlshim lint --baseline librbd=14.2.21 --json`;

export const DRIVERS = `
A driver is a module whose default export is a call of defineDriver (@dlshim/runtime/drivers). Its first argument, the descriptor, is plain data,
and is read without being executed: literals, lists, objects, and constants that are such, of the same or of imported modules. The
list has it, and a function that imports the module: a program that knows many drivers loads none before it opens something.

  defineDrivers(known, { host: { name: 'blockimg', version: '1.0.0' } })    // known: what this command writes

Files that a pattern matches and that hold no driver are passed over; '!src/drivers/old-*.ts' leaves some out. Imports in the list
have the extension that the program's tsconfig.json asks for; a module of a package is imported by its name.

All that is wrong is said at once, each at its place: two drivers with one name, protocol or format; functions and features that a
shim does not have; a shim that only the descriptor or only the code names; modules that are not there; malformed probes,
options and versions; what is no plain data.

Exit codes: 0 done; 1 the list is not what would be written (--check); 2 usage or configuration; 3 something is wrong with a driver.

Examples:
  dlshim drivers                                     all lists of dlshim.config.ts
  dlshim drivers 'src/drivers/*/*.ts' @acme/driver-x -o src/known.ts
  dlshim drivers --check                             in CI
  dlshim drivers --list                              what they open, and what they ask of their libraries
  dlshim drivers 'src/drivers/*.ts' --list --json`;
