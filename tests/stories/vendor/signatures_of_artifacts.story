# Signatures and certificates of single artifacts in packages of other tools, wrong in many ways: each is told by its code and its place, and none is passed over.
use packages
needs openssl python3
$ python3 packages.py make
> for one in plain der p7b pem-crlf pkcs7 both named named-certificate beside beside-der of-a-signature set upper-suffix-good; do sallyport verify $one.csar --policy policy.json --json >out.json || { echo $one; cat out.json; exit 1; }; done
> python3 packages.py check
| every package says what is wrong with it, and where
-- packages.py --
"""make: packages by their names; check: what verify says of those that are wrong."""
import hashlib
import json
import subprocess
import sys
import zipfile

IMAGE = b"".join(b"%d\n" % n for n in range(2000))
META = (b"TOSCA-Meta-File-Version: 1.0\nCSAR-Version: 1.1\nCreated-By: Other\nEntry-Definitions: Definitions/vnf.yaml\n"
        b"ETSI-Entry-Manifest: Definitions/vnf.mf\n")
HEAD = ("metadata:\n  vnf_product_name: demo\n  vnf_provider_id: Acme\n  vnf_package_version: 1.0\n"
        "  vnf_release_date_time: 2025-06-01T12:00:00+02:00\n\n")
A = "Artifacts/"
SIG = A + "image.sig.cms"


def run(*words):
    done = subprocess.run(words, capture_output=True)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def cms(data, *options, key="release", form="DER"):
    open("data", "wb").write(data)
    return run("openssl", "cms", "-sign", "-binary", "-signer", key + ".pem", "-inkey", key + ".key", "-in", "data", "-outform",
               form, *options)


def read(name):
    return open(name, "rb").read()


def pack(name, unlisted=None, more=None, lines=None, tail="", sign=True):
    files = {"TOSCA-Metadata/TOSCA.meta": META, "Definitions/vnf.yaml": b"x: y\n", A + "image.txt": IMAGE, **(more or {})}
    octets = HEAD
    for path in sorted(files):
        digest = hashlib.sha256(files[path]).hexdigest()
        octets += f"Source: {path}\nAlgorithm: SHA-256\nHash: {digest}\n{(lines or {}).get(path, '')}\n"
    octets = (octets + tail).encode()
    with zipfile.ZipFile(name + ".csar", "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in {**files, **(unlisted or {}), "Definitions/vnf.mf": octets + (cms(octets, form="PEM") if sign else b"")}.items():
            made.writestr(path, content)


def around(name):
    """NAME.csar becomes one of option 2."""
    inner = read(name + ".csar")
    with zipfile.ZipFile(name + ".csar", "w") as made:
        made.writestr("vnf.csar", inner)
        made.writestr("vnf.cms", cms(inner))


def named(signature, certificate=""):
    return {A + "image.txt": f"Signature: {signature}\n" + (f"Certificate: {certificate}\n" if certificate else "")}


EXPECTED = {}


def wrong(name, expected, *arguments, **more):
    """expected: code and place of each finding."""
    EXPECTED[name] = expected
    pack(name, *arguments, **more)


def make():
    good, pem, bare = cms(IMAGE), cms(IMAGE, form="PEM"), cms(IMAGE, "-nocerts")
    release, zeta, stranger = read("release.pem"), read("zeta.pem"), read("stranger.pem")
    der = run("openssl", "x509", "-in", "release.pem", "-outform", "DER")
    pack("plain")
    pack("der", {SIG: good})
    pack("p7b", {A + "image.sig.p7b": good})
    pack("pem-crlf", {A + "image.txt.sig.cms": pem.replace(b"\n", b"\r\n")})
    pack("pkcs7", {A + "image.sig.p7b": pem.replace(b" CMS-", b" PKCS7-")})
    pack("both", {SIG: good, A + "image.sig.p7b": good})
    pack("named", {"s": good}, lines=named("s"))
    pack("named-certificate", {"s": bare, "c": release}, lines=named("s", "c"))
    pack("beside", {SIG: bare, A + "image.cert": release})
    pack("beside-der", {SIG: bare, A + "image.cert": der})
    pack("of-a-signature", {SIG: good, SIG + ".sig.cms": cms(good)})
    pack("set", tail="non_mano_artifact_sets:\n  x:\n    Source: Artifacts/image.txt\n    Source: Artifacts\n")
    pack("upper-suffix-good", {A + "image.SIG.CMS": good})
    invalid, malformed, layout = "signature-invalid", "signature-malformed", "package-layout-invalid"
    unlisted, no_place = "package-member-unlisted", "signer-certificate-missing"
    wrong("other-content", [(invalid, SIG)], {SIG: cms(b"x")})
    wrong("second-of-stranger", [("signer-unknown", A + "image.sig.p7b")], {SIG: good, A + "image.sig.p7b": cms(IMAGE, key="stranger")})
    wrong("of-another-source", [("signer-not-for-product", SIG)], {SIG: cms(IMAGE, key="zeta")})
    wrong("of-nothing", [(layout, A + "none.sig.cms"), (unlisted, A + "none.sig.cms")], {A + "none.sig.cms": good})
    wrong("other-case", [(layout, A + "IMAGE.sig.cms"), (unlisted, A + "IMAGE.sig.cms")], {A + "IMAGE.sig.cms": good})
    wrong("upper-suffix", [(malformed, A + "image.SIG.CMS")], more={A + "image.SIG.CMS": b"junk"})
    wrong("upper-suffix-2", [(malformed, "vnf.csar: " + A + "image.SIG.CMS")], {A + "image.SIG.CMS": b"junk"}, sign=False)
    around("upper-suffix-2")
    wrong("empty", [(malformed, SIG)], {SIG: b""})
    wrong("cut", [(malformed, SIG)], {SIG: good[:-1]})
    wrong("longer", [(malformed, SIG)], {SIG: good + b"\n"})
    wrong("attached", [(malformed, SIG)], {SIG: cms(IMAGE, "-nodetach")})
    wrong("no-signer", [(malformed, SIG)], {SIG: run("openssl", "crl2pkcs7", "-nocrl", "-certfile", "release.pem", "-outform", "DER")})
    wrong("text-before", [(malformed, SIG)], {SIG: b"x\n" + pem})
    wrong("text-behind", [(malformed, SIG)], {SIG: pem + b"x\n"})
    wrong("mark", [(malformed, SIG)], {SIG: b"\xef\xbb\xbf" + pem})
    wrong("two-blocks", [(malformed, SIG)], {SIG: pem + pem})
    wrong("no-certificate", [(no_place, SIG), ("signer-unknown", SIG)], {SIG: bare})
    wrong("two-places", [("signer-certificate-ambiguous", SIG)], {SIG: good, A + "image.cert": zeta})
    wrong("other-certificate", [("signer-unknown", SIG)], {SIG: bare, A + "image.cert": stranger})
    wrong("text-before-certificate", [("certificate-malformed", A + "image.cert"), ("signer-unknown", SIG)],
          {SIG: bare, A + "image.cert": b"x\n" + release})
    wrong("key-behind-certificate", [("certificate-malformed", A + "image.cert"), ("signer-unknown", SIG)],
          {SIG: bare, A + "image.cert": release + read("release.key")})
    wrong("named-missing", [("package-member-missing", "s")], lines=named("s"))
    wrong("named-in-two-places", [("signer-certificate-ambiguous", SIG), (unlisted, A + "image.cert")],
          {SIG: bare, A + "image.cert": zeta, "c": release}, lines=named(SIG, "c"))
    wrong("named-twice", [(invalid, "s")], {"s": good}, lines={**named("s"), "Definitions/vnf.yaml": "Signature: s\n"})
    wrong("set-of-nothing", [("package-member-missing", A + "none")], tail="non_mano_artifact_sets:\n  x:\n    Source: Artifacts/none\n")
    wrong("set-is-no-listing", [(unlisted, "x")], {"x": b"x"}, tail="non_mano_artifact_sets:\n  x:\n    Source: x\n")
    json.dump(EXPECTED, open("expected.json", "w"))


def check():
    for name, expected in json.load(open("expected.json")).items():
        done = subprocess.run(["sallyport", "verify", name + ".csar", "--policy", "policy.json", "--json"], capture_output=True)
        found = sorted([one["code"], one["where"]] for one in json.loads(done.stdout)["result"]["findings"])
        assert done.returncode in (3, 4) and found == sorted(expected), (name, expected, found)
    print("every package says what is wrong with it, and where")


make() if sys.argv[1] == "make" else check()
