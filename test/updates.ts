// Records to which an update of a distribution appends a member, while the library's version stays what it was (DECISIONS, "A security update
// is no version"): what tests of real libraries allow, and nothing else.

/** `size`: what is appended, in bytes. */
export const UPDATES = [
  // Debian's 0.10.6-0+deb12u3
  { of: 'libssh 0.10.6', record: 'sftp_session_struct', appended: 'outstanding_ids', size: 8 },
];
