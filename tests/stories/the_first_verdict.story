# docs/first-verdict.md as it stands there: each block of commands, one after the other in one shell, and what the page shows of what they print.
needs root unshare ip clamd curl openssl
patience 900
$ python3 page.py "$REPO/docs/first-verdict.md" && wc -l <shown | sed 's/^/blocks with something shown: /'
| blocks with something shown: 6
# The page has a port of its own, so that it runs in a network of its own.
$ unshare -n bash -c 'ip link set lo up && bash -eu -o pipefail page.sh' || { tail -n 20 out.*; exit 1; }
$ python3 page.py "$REPO/docs/first-verdict.md" look
| all of it was there
-- page.py --
# Without `look`: page.sh from the page's blocks, each of which prints to a file of its own. With it: whether what was shown came.
import sys
blocks, shown, fence = [], {}, None
for line in open(sys.argv[1], encoding="utf-8").read().splitlines():
    if not line.startswith("```"):
        if fence is not None:
            fence.append(line)
    elif fence is not None:
        fence = None
    elif line == "```sh":
        blocks.append(fence := [])
    else:
        fence = shown.setdefault(len(blocks), []) if blocks else []
if len(sys.argv) == 2:
    with open("page.sh", "w", encoding="utf-8") as script:
        for number, block in enumerate(blocks, 1):
            script.write(f"exec >out.{number} 2>&1\n" + "\n".join(block) + "\n")
    open("shown", "w").writelines(f"{number}\n" for number in shown)
else:
    missing = [(n, line) for n, lines in shown.items() for line in lines if line not in open(f"out.{n}", encoding="utf-8").read()]
    print(missing or "all of it was there")
