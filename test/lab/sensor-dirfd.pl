# The calls that take a directory's descriptor. usage: sensor-dirfd.pl DIRECTORY [DIRECTORY2]
use strict; use POSIX (); use Fcntl;
my %x86 = (openat => 257, mkdirat => 258, mknodat => 259, fchownat => 260, unlinkat => 263, renameat2 => 316, linkat => 265, symlinkat => 266, fchmodat => 268);
my %arm = (openat => 56, mkdirat => 34, mknodat => 33, fchownat => 54, unlinkat => 35, renameat2 => 276, linkat => 37, symlinkat => 36, fchmodat => 53);
my $n = (POSIX::uname())[4] eq "x86_64" ? \%x86 : \%arm;
sub call { my ($name, @args) = @_; $_ = ref $_ ? $$_ : $_ for @args; syscall($n->{$name}, @args) >= 0 or die "$name: $!" }
my ($one, $two) = @ARGV; $two //= $one;
sysopen(my $d, $one, O_RDONLY) or die; sysopen(my $e, $two, O_RDONLY) or die;
my ($fd, $fe) = (fileno $d, fileno $e);
my ($a, $b, $c, $s, $k) = map { my $v = $_; $v } qw(a b c s k);
my $file = syscall($n->{openat}, $fd, $a, O_WRONLY | O_CREAT, 0644); $file >= 0 or die; POSIX::write($file, "x", 1); POSIX::close($file);
call "fchmodat", $fd, $a, 0600;
call "fchownat", $fd, $a, 1000, 1000, 0;
call "renameat2", $fd, $a, $fe, $b, 0;
call "linkat", $fe, $b, $fd, $c, 0;
call "symlinkat", $b, $fd, $s;
call "mkdirat", $fe, $k, 0700;
call "renameat2", $fd, $c, $fe, $b, 2;
call "unlinkat", $fe, $k, 0x200;
call "unlinkat", $fe, $b, 0; call "unlinkat", $fd, $c, 0; call "unlinkat", $fd, $s, 0;
