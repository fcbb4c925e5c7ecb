# What no package can carry is refused by name, and no half-written package stays.
use packages
$ mkfifo tree/fifo && refuses 3 input-refused package build --from tree --name demo --version 4 --product demo --counter 4 -o new.csar
> rm tree/fifo
$ python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("tree/socket")'
> refuses 3 input-refused package build --from tree --name demo --version 4 --product demo --counter 4 -o new.csar
> rm tree/socket
$ touch 'tree/back\slash'
> refuses 3 input-refused package build --from tree --name demo --version 4 --product demo --counter 4 -o new.csar
> rm 'tree/back\slash'
$ touch $'tree/new\nline'
> refuses 3 input-refused package build --from tree --name demo --version 4 --product demo --counter 4 -o new.csar
> rm $'tree/new\nline'
$ touch $'tree/not-utf8-\xff'
> refuses 3 input-refused package build --from tree --name demo --version 4 --product demo --counter 4 -o new.csar
> rm $'tree/not-utf8-\xff'
# A link that leaves the tree.
$ ln -s ../../etc/passwd tree/out
> refuses 3 tree-inconsistent package build --from tree --name demo --version 4 --product demo --counter 4 -o new.csar
> rm tree/out
# Misuse: an output that exists, no counter, no such folder, an identifier that looks like a path.
$ refuses 2 file-exists package build --from tree --name demo --version 4 --product demo --counter 4 -o 1.csar
$ refuses 2 usage-error package build --from tree --name demo --version 4 --product demo --counter 0 -o new.csar
$ refuses 2 usage-error package build --from tree --name ../demo --version 4 --product demo --counter 4 -o new.csar
$ refuses 2 file-missing package build --from nowhere --name demo --version 4 --product demo --counter 4 -o new.csar
$ ls new.csar* 2>/dev/null || echo nothing
| nothing
