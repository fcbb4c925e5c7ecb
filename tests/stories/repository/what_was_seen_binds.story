# What a node has seen of its repository is in its journal: kept files that are lost or exchanged are found, and nothing begins anew in silence (F07).
needs root
use repository
$ web_here repo && syncs --pin first-root.json >/dev/null && sallyport node fsck --root node >/dev/null && cp -a repo before
> grep -o '"event":"ro[a-z-]*","version":1\|"event":"repository-seen","snapshot":1' node/journal
| "event":"root-trusted","version":1
| "event":"repository-seen","snapshot":1
$ publish 2 && syncs >/dev/null && syncs >/dev/null && grep -c '"event":"repository-seen"' node/journal
| 2
# A kept file that has vanished.
$ cp -a node/repository kept && rm node/repository/metadata/timestamp.json
> refuses 3 trust-file-damaged node sync "$(cat url)" --root node
$ refuses 3 trust-file-damaged node fsck --root node
$ cp kept/metadata/timestamp.json node/repository/metadata/ && rm node/repository/metadata/snapshot.json
> refuses 3 trust-file-damaged node sync "$(cat url)" --root node
# A server that has no timestamp is no server without news (F17).
$ cp kept/metadata/snapshot.json node/repository/metadata/ && mv repo/metadata/timestamp.json . && syncs
[exit 5]
stderr 'server-file-missing'
$ mv timestamp.json repo/metadata/ && syncs >/dev/null
# Another root in the place of the pinned one, with a server that belongs to it.
$ mv repo genuine && first_root 1 server-2 officer-4 && publish '' server-2 && cp repo/metadata/1.root.json node/repository/metadata/root.json
> refuses 3 trust-file-damaged node sync "$(cat url)" --root node
$ refuses 3 trust-file-damaged node fsck --root node
$ rm -r node/repository && refuses 3 trust-file-damaged node sync "$(cat url)" --root node
$ refuses 3 trust-file-damaged node sync "$(cat url)" --root node --pin repo/metadata/1.root.json
# The pinned one mends it, and still nothing older is taken.
$ rm -r repo && mv before repo && sallyport node sync "$(cat url)" --root node --pin first-root.json
[exit 7]
stderr 'tuf-rollback'
$ rm -r repo node/repository && mv genuine repo && syncs --pin first-root.json
stdout 'snapshot 2'
$ sallyport node fsck --root node >/dev/null
