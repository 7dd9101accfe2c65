// What the eBPF sensor cannot see, in the words of `doctor` and the README: a limit that is told is no blind spot.

export const ebpfLimits: readonly string[] = [
  'io_uring: what is asked for is seen (Linux 6.4 and newer), with an unknown outcome; older kernels show nothing of it, except that a file written this way has changed when it is closed.',
  'x32 and 32-bit ARM programs: that a process uses such calls is reported (`foreign_abi`), what it does to files by name is not. 32-bit x86 programs are fully seen.',
  'A file that is open for writing and mapped as shared memory counts as modified from then on: what is stored there makes no call that could be seen.',
  'Paths given to rename, unlink, link, mkdir, chmod, chown, truncate and mount are read when the call returns: a second thread that changes the text meanwhile deceives the sensor. Files that are opened, written and executed have the path of the kernel’s own object.',
  'Symbolic links on btrfs, and links of 60 characters or more on ext4, are not followed in such paths: they stand as they were given, and the event says `path_facts: unresolved`.',
  'Sockets made by bind(2), extended attributes and file flags (chattr) are not reported.',
];
