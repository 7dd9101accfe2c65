# Every operation on names below a prefix, in a fixed order; prints what stat(2) says of each new name.
# usage: sensor-files.pl PREFIX [CHDIR] [CHROOT]
use strict; use POSIX (); use Fcntl;
my ($p, $chdir, $chroot) = @ARGV;
if ($chroot) { chroot $chroot or die "chroot: $!"; chdir "/" }
if ($chdir) { chdir $chdir or die "chdir: $!" }
my @types = qw(? pipe device ? dir ? device ? file ? symlink ? socket);
sub truth {
	my @s = lstat "$p$_[0]" or die "$_[0]: $!";
	printf "%s %d %04o %d %s\n", $_[0], $s[1], $s[2] & 07777, $s[4], $types[$s[2] >> 12];
}
sub must { $_[1] or die "$_[0]: $!" }
umask 022;
must "create", sysopen(my $f, "${p}a", O_WRONLY | O_CREAT | O_EXCL, 0644); must "write", syswrite($f, "one"); close $f; truth "a";
must "append", open($f, ">>", "${p}a"); syswrite $f, "two"; close $f;
must "untouched", open($f, ">>", "${p}a"); close $f;
must "in place", open($f, "+<", "${p}a"); syswrite $f, "T"; close $f;
must "truncate", truncate("${p}a", 2);
must "chmod", chmod(0640, "${p}a");
must "chown", chown(1000, 1000, "${p}a");
must "rename", rename("${p}a", "${p}b"); truth "b";
must "link", link("${p}b", "${p}c");
must "symlink", symlink("b", "${p}s"); truth "s";
must "mkdir", mkdir("${p}d", 0750); truth "d";
must "rmdir", rmdir("${p}d");
must "mkfifo", POSIX::mkfifo("${p}p", 0600); truth "p";
must "unlink", unlink("${p}$_") for qw(b c s p);
