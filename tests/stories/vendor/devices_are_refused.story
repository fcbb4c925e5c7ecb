# A device in the tree is refused before it is opened.
use packages
needs root
$ mknod tree/zero c 1 5
> refuses 3 input-refused package build --from tree --name demo --version 4 --product demo --counter 4 -o new.csar && ! test -e new.csar
