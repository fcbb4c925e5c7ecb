# `doctor` asks the kernel itself: what is taken away is named, with what it is for; only what a node cannot do without is a fault.
needs root strace
$ sallyport doctor --json && sallyport doctor
stdout '"name":"openat2","wanted":"required","there":true'
stdout 'yes  openat2 '
$ strace -f -qq -o /dev/null -e inject=landlock_create_ruleset:error=EOPNOTSUPP sallyport doctor
stdout 'no   landlock                   only the generation can be executed (Operation not supported)'
$ strace -f -qq -o /dev/null -e inject=unshare:error=EPERM sallyport doctor --json
[exit 1]
json .error.code "not-supported"
json .error.found "no namespaces"
$ strace -f -qq -o /dev/null -e inject=openat2:error=ENOSYS sallyport doctor
[exit 1]
stdout 'no   openat2 '
stderr 'no openat2'
$ mkdir open && chmod 777 open && sallyport doctor --root open
[exit 6]
stderr 'permission-missing'
$ sallyport doctor --clamd nobody
[exit 5]
stderr 'scanner-unreachable'
# A folder that is to become one need not be there.
$ sallyport doctor --root new --json && ls new
[exit 2]
json .result.root.path "new"
$ refuses 2 file-missing doctor --root none/new
$ sallyport doctor --root . --json
json .result.root.path "."
