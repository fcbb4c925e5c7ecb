# SPDX-License-Identifier: Apache-2.0
"""The other side of the benchmark: the same files through tools that people use for the same job."""
import os
import shutil


class Peers:
    def __init__(self, work, tree, run):
        self.path = os.path.join(work, "peers")
        self.tree, self.run = tree, run
        self.folders = 0
        shutil.rmtree(self.path, ignore_errors=True)
        os.makedirs(self.path)

    def at(self, name):
        return os.path.join(self.path, name)

    def fresh(self, name):
        """A folder of its own each time, and nothing is deleted: for minutes after that ext4 searches past every inode
        that was freed, which costs whoever comes next up to twice the time."""
        self.folders += 1
        path = self.at(f"{name}{self.folders}")
        os.makedirs(path)
        os.sync()
        return path

    def certificate(self):
        if not os.path.exists(self.at("key.pem")):
            self.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-days", "30", "-subj", "/CN=Peer", "-keyout", self.at("key.pem"), "-out", self.at("cert.pem")])

    def tar(self):
        if not os.path.exists(self.at("tree.tar")):
            self.run(["tar", "-cf", self.at("tree.tar"), "-C", self.tree, "."])
        return self.at("tree.tar")

    def tar_extract(self):
        tar, target = self.tar(), self.fresh("untar")
        return self.run(f"tar -xf {tar} -C {target} && sync")

    def cms_verify(self):
        tar = self.tar()
        self.certificate()
        if not os.path.exists(self.at("tar.cms")):
            self.run(["openssl", "cms", "-sign", "-binary", "-in", tar, "-signer", self.at("cert.pem"),
                      "-inkey", self.at("key.pem"), "-md", "sha256", "-outform", "DER", "-out", self.at("tar.cms")])
        return self.run(["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", self.at("tar.cms"),
                         "-content", tar, "-CAfile", self.at("cert.pem"), "-purpose", "any", "-out", "/dev/null"])

    def rauc_input(self):
        """The tree as it is, hard-linked, beside rauc's manifest; one image because a bundle wants one."""
        if not os.path.exists(self.at("rauc")):
            self.run(["cp", "-al", self.tree, self.at("rauc")])
            with open(self.at("rauc/none.img"), "wb") as out:
                out.write(b"none")
            with open(self.at("rauc/manifest.raucm"), "w", encoding="ascii") as out:
                out.write("[update]\ncompatible=bench\nversion=1\n[bundle]\nformat=plain\n"
                          "[image.none]\nfilename=none.img\n")
        return self.at("rauc")

    def rauc_bundle(self):
        self.certificate()
        source = self.rauc_input()
        if os.path.exists(self.at("bundle.raucb")):
            os.remove(self.at("bundle.raucb"))
        # Compressed as ours is: its own default is much smaller and takes minutes.
        compression = "--mksquashfs-args=-comp zstd -Xcompression-level 3"
        return self.run(["rauc", "bundle", compression, "--cert", self.at("cert.pem"), "--key", self.at("key.pem"),
                         source, self.at("bundle.raucb")])

    def rauc_extract(self):
        if not os.path.exists(self.at("bundle.raucb")):
            self.rauc_bundle()
        target = self.fresh("unrauc")
        os.rmdir(target)
        return self.run(f"rauc extract --keyring {self.at('cert.pem')} {self.at('bundle.raucb')} {target} && sync")

    def rpm_install(self):
        """A package of the tree, stored, installed below a root and a database of its own."""
        top = self.at("rpm")
        os.makedirs(top)
        with open(os.path.join(top, "bench.spec"), "w", encoding="ascii") as out:
            out.write("Name: bench\nVersion: 1\nRelease: 1\nSummary: bench\nLicense: none\nBuildArch: noarch\n"
                      "AutoReqProv: no\n%define _binary_payload w0.gzdio\n%define __os_install_post %{nil}\n"
                      "%define debug_package %{nil}\n%define _binaries_in_noarch_packages_terminate_build 0\n"
                      "%description\nbench\n"
                      f"%install\ncp -a {self.tree}/. %{{buildroot}}/\n%files\n%defattr(-,root,root)\n/usr\n")
        self.run(["rpmbuild", "-bb", "--define", f"_topdir {top}", "--define", "_build_id_links none",
                  os.path.join(top, "bench.spec")])
        root = os.path.join(top, "root")
        os.makedirs(os.path.join(root, "db"))
        package = os.path.join(top, "RPMS/noarch/bench-1-1.noarch.rpm")
        self.run(["rpm", "--root", root, "--dbpath", "/db", "-i", "--nodeps", package])
        return root

    def rpm_verify(self):
        root = os.path.join(self.at("rpm"), "root")
        if not os.path.isdir(root):
            self.rpm_install()
        return self.run(["rpm", "--root", root, "--dbpath", "/db", "-V", "bench"])
