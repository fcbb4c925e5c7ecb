# A limit on the size of files (RLIMIT_FSIZE) is an error that is told, and no end without a word; nothing is lost.
use installed
$ (ulimit -f 4; sallyport node install $(install_args 2))
[exit 1]
stderr 'FAULT  io-failed'
$ active; sallyport node fsck --root node >/dev/null; installs 2; active
| 1
| 2
$ (ulimit -f 0; sallyport node rollback --root node 2>&1) | cat
[exit 1]
stdout 'FAULT  io-failed'
$ sallyport node verify --root node
stdout 'Generation 2 is what the vendor signed'
