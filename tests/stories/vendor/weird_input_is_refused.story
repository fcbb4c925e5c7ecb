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
> refuses 3 input-refused package build --from tree --name demo --version 4 --product demo --counter 4 -o new.csar
> rm tree/out
# Misuse: an output that exists, no counter, no such folder, an identifier that looks like a path.
$ refuses 2 file-exists package build --from tree --name demo --version 4 --product demo --counter 4 -o 1.csar
$ refuses 2 usage-error package build --from tree --name demo --version 4 --product demo --counter 0 -o new.csar
$ refuses 2 usage-error package build --from tree --name ../demo --version 4 --product demo --counter 4 -o new.csar
$ refuses 2 file-missing package build --from nowhere --name demo --version 4 --product demo --counter 4 -o new.csar
$ ls new.csar* 2>/dev/null || echo nothing
| nothing
# What the vendor has written down wrongly is told to the vendor, of the file, with the words that there are.
$ echo 'builds() { refuses "$1" "$2" package build --from tree --name demo --version 4 --product demo --counter 4 -o new.csar "${@:3}"; }' >lib
$ mkdir empty && refuses 3 input-refused package build --from empty --name demo --version 4 --product demo --counter 4 -o new.csar && grep -o 'at least one file' refusal.json
| at least one file
$ refuses 2 usage-error package build --from tree --name demo --version 'a b' --product demo --counter 4 -o new.csar && grep -o '"where":"--version"' refusal.json
| "where":"--version"
$ . ./lib && echo '{"services": []}' >s.json && builds 3 input-refused --services s.json && grep -o 'as --declare takes it' refusal.json
| as --declare takes it
$ . ./lib && echo '[]' >s.json && builds 3 input-refused --declare s.json && grep -o 'as --services takes it' refusal.json
| as --services takes it
$ . ./lib && echo '{"config": [{"path": "etc/x", "merge": "mine"}]}' >d.json && builds 3 input-refused --declare d.json && grep -o '"where":.*"found":"mine"' refusal.json
| "where":"d.json: config[0].merge","expected":"keep, replace or three-way","found":"mine"
$ . ./lib && echo '{"config": [{"path": "etc/none", "merge": "keep"}]}' >d.json && builds 3 input-refused --declare d.json && grep -o 'fitting what d.json declares' refusal.json
| fitting what d.json declares
