# RO-2, F20, K16: what is kept is checked again, whole: files, objects, papers and books.
use upgraded
$ cp -a node good
$ sallyport node verify --root node >/dev/null && sallyport node fsck --root node
stdout 'Clean: 4 objects, 2 generations, 6 files.'
$ printf x >>node/generations/2/tree/etc/demo.conf
> refuses 3 generation-damaged node verify --root node && refuses 3 generation-damaged node fsck --root node
$ rm -r node && cp -a good node && rm node/generations/2/tree/etc/demo.conf
> refuses 3 generation-file-missing node verify --root node && refuses 3 generation-file-missing node fsck --root node
$ rm -r node && cp -a good node && ln -s /etc/passwd node/generations/2/tree/etc/more
> refuses 3 generation-file-unlisted node verify --root node && refuses 3 generation-file-unlisted node fsck --root node
$ rm -r node && cp -a good node && object=$(find node/objects -type f | head -n 1) && cp "$object" copy && printf x >>copy && cp copy "$object"
> refuses 3 generation-damaged node fsck --root node && grep -c '"code":"store-damaged","where":"objects/' refusal.json
| 1
# The papers of a generation: the package, its manifest and tree, the verdict and the order.
$ for paper in package.csar tree.json verdict.dsse order.dsse; do
>   rm -r node && cp -a good node && printf x >>node/generations/1/$paper && refuses 3 generation-damaged node fsck --root node
>   rm node/generations/1/$paper && refuses 3 generation-file-missing node fsck --root node
> done
$ rm -r node && cp -a good node && sed -i 's/Hash: 0/Hash: 1/; s/Hash: [2-9a-f]/Hash: 0/' node/generations/1/manifest.mf
> refuses 3 signature-invalid node fsck --root node
# The books: journal, copies of the state, the link to what is active.
$ for book in journal state.a state.b; do
>   rm -r node && cp -a good node && sed -i 's/"generation":1/"generation":7/; s/"counter":./"counter":7/' node/$book && refuses 3 node-state-damaged node fsck --root node
>   rm node/$book && refuses 3 node-state-damaged node fsck --root node
> done
$ rm -r node && cp -a good node && rm node/active && refuses 3 node-state-damaged node fsck --root node
$ rm -r node && cp -a good node && rm -r node/objects && refuses 3 store-damaged node fsck --root node
# One line cut off the journal is seen, because both copies of the state know better.
$ rm -r node && cp -a good node && sed -i '$d' node/journal && refuses 3 node-state-damaged node fsck --root node
> refuses_install 3 node-state-damaged 3
$ rm -r node && cp -a good node && sed -i 's/"counter":./"counter":7/' node/journal && refuses 3 node-state-damaged node history --root node
