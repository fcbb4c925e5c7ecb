# Two generations stay; of older ones the papers, which still prove what the node ran.
use upgraded
$ sallyport node rollback --root node --to 1 >/dev/null && sallyport node rollback --root node --to 2 >/dev/null && installs 3 && ls node/generations/1
| manifest.mf
| order.dsse
| tree.json
| verdict.dsse
$ sallyport node history --root node | tail -n 2 | cut -d' ' -f3- | sed 's/ *$//'
| collecting  generation 1 1
| collected  generation 1 1
$ sallyport verify node/generations/1/order.dsse --policy policy.json >/dev/null && sallyport verify node/generations/1/verdict.dsse --policy policy.json >/dev/null
$ sallyport node fsck --root node
stdout ', 2 generations, the papers of 1 collected ones, '
$ grep -r 'release 1' node/objects
[exit 1]
$ refuses 7 generation-missing node rollback --root node --to 1 && refuses 7 generation-missing node verify --root node --generation 1
$ refuses_install 7 order-replayed 1
# The papers are checked as before, and nothing else belongs beside them.
$ cp -a node good && echo >>node/generations/1/tree.json && refuses 3 generation-damaged node fsck --root node
$ rm -r node && cp -a good node && cp 1.csar node/generations/1/package.csar && refuses 3 generation-file-unlisted node fsck --root node
