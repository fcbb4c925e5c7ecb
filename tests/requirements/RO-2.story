# RO-2: integrity is kept on the node, not only checked once.
use installed
$ sallyport node verify --root node
stdout 'Generation 1 is what the vendor signed: 3 files'
$ sallyport node fsck --root node
stdout 'Clean'
$ cp -a node node.good

# Content with the same size and times, a mode, an owner, a file less, a file more.
$ touch -r node/generations/1/tree/etc/demo.conf when && sed -i 's/36412/36413/' node/generations/1/tree/etc/demo.conf
> touch -r when node/generations/1/tree/etc/demo.conf && refuses 3 generation-damaged node verify --root node
$ refuses 3 generation-damaged node fsck --root node
$ rm -r node && cp -a node.good node && chmod u+s node/generations/1/tree/bin/demo
> refuses 3 generation-damaged node verify --root node
$ rm -r node && cp -a node.good node && chown 1 node/generations/1/tree/bin/demo
> refuses 3 generation-damaged node verify --root node
$ rm -r node && cp -a node.good node && rm node/generations/1/tree/etc/demo.conf
> refuses 3 generation-file-missing node verify --root node
$ rm -r node && cp -a node.good node && touch node/generations/1/tree/etc/more.conf
> refuses 3 generation-file-unlisted node verify --root node
# A damaged generation is nothing to return to.
$ rm -r node && cp -a node.good node && installs 2 && echo >>node/generations/1/tree/etc/demo.conf
> refuses 3 generation-damaged node rollback --root node && active
| 2
