#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a .metallib container from bitcode files, good or broken on purpose.

metallib.py OUT [OPTION...] NAME=FILE.bc[,KEY=VALUE...] ...

Each NAME becomes a function whose module is FILE.bc in Apple's wrapper. Keys: kind (vertex
fragment kernel unqualified visible extern intersection, or a number), air and metal (versions,
2.6 and 3.1 when not given), hash (yes, no, wrong), line and path (the DEBI tag), source (the
name of a source archive), without (a tag to leave out), twice (a tag to write twice).

--old               as before AIR 2.4: no extension of the header, no UUID
--source NAME=FILE:TEXTFILE    a source archive: TEXTFILE as FILE in a bzip2 tar (HSRD)
--set BYTE=HEX      writes bytes into the finished container
--cut BYTES         leaves only so many bytes of it
--grow HEX          appends bytes

The layout is written after public descriptions of the format (YuAo/MetalLibraryArchive) and
knows nothing of tmjit's reader.
"""
import bz2
import hashlib
import io
import struct
import sys
import tarfile

KINDS = {name: number for number, name in enumerate(
    "vertex fragment kernel unqualified visible extern intersection".split())}


def tag(name, value):
    return name.encode() + struct.pack("<H", len(value)) + value


def group(tags):
    body = b"".join(tags) + b"ENDT"
    return struct.pack("<I", len(body) + 4) + body


def wrap(bitcode):
    """Apple's wrapper, unless llvm-as has written it already."""
    if bitcode[:4] != b"BC\xc0\xde":
        return bitcode
    head = struct.pack("<5I", 0x0B17C0DE, 0, 20, len(bitcode), 0xFFFFFFFF)
    return head + bitcode + bytes(-(len(head) + len(bitcode)) % 16)


def version(text):
    return [int(part) for part in text.split(".")]


def parse_function(text):
    name, _, rest = text.partition("=")
    path, *pairs = rest.split(",")
    keys = dict(pair.split("=", 1) for pair in pairs)
    return name, path, keys


def write_sources(sources):
    """The HSRD section and the offset of each archive in it."""
    section = struct.pack("<I", len(sources)) + b"-frecord-sources\0/work\0"
    offsets = {}
    for name, path, text in sources:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as tar:
            info = tarfile.TarInfo(path)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
        archive = name.encode() + b"\0" + bz2.compress(stream.getvalue())
        body = b"SARC" + struct.pack("<I", len(archive)) + archive + b"ENDT"
        offsets[name] = len(section) + 4
        section += struct.pack("<I", len(body)) + body
    return section, offsets


def function_tags(name, keys, module, offsets):
    digest = hashlib.sha256(module).digest()
    if keys.get("hash") == "wrong":
        digest = bytes(32)
    kind = keys.get("kind", "kernel")
    air, metal = version(keys.get("air", "2.6")), version(keys.get("metal", "3.1"))
    tags = {
        "NAME": name.encode() + b"\0",
        "TYPE": bytes([KINDS[kind] if kind in KINDS else int(kind)]),
        "HASH": digest,
        "OFFT": struct.pack("<3Q", *offsets),
        "VERS": struct.pack("<4H", *air, *metal),
        "MDSZ": struct.pack("<Q", len(module)),
    }
    if keys.get("hash") == "no":
        del tags["HASH"]
    tags.pop(keys.get("without"), None)
    found = [tag(*item) for item in tags.items()]
    if "twice" in keys:
        found.append(tag(keys["twice"], tags[keys["twice"]]))
    return found


def build(functions, sources, is_old):
    listed, public, private, modules = b"", b"", b"", b""
    source_section, source_offsets = write_sources(sources)
    for name, path, keys in functions:
        with open(path, "rb") as stream:
            module = wrap(stream.read())
        tags = function_tags(name, keys, module, (len(public), len(private), len(modules)))
        if "source" in keys:
            tags.append(tag("SOFF", struct.pack("<Q", source_offsets[keys["source"]])))
        listed += group(tags)
        public += group([])
        private += group([tag("DEBI", struct.pack("<I", int(keys["line"])) +
                              keys["path"].encode() + b"\0")] if "path" in keys else [])
        modules += module
    at = 88 + 4 + len(listed)
    extension = b"" if is_old else tag("UUID", bytes(range(16))) + b"ENDT"
    if sources:
        size = at + len(extension) + 22 + len(public) + len(private) + len(modules)
        extension = tag("HSRD", struct.pack("<2Q", size, len(source_section))) + extension
    public_at = at + len(extension)
    private_at = public_at + len(public)
    modules_at = private_at + len(private)
    size = modules_at + len(modules) + (len(source_section) if sources else 0)
    header = b"MTLB" + struct.pack("<3HBBHH", 0x8001, 2, 7, 0, 0x81, 14, 0)
    header += struct.pack("<9Q", size, 88, len(listed), public_at, len(public), private_at,
                          len(private), modules_at, len(modules))
    body = header + struct.pack("<I", len(functions)) + listed + extension
    return body + public + private + modules + (source_section if sources else b"")


def main(argv):
    functions, sources, changes = [], [], []
    is_old = False
    words = iter(argv[2:])
    for word in words:
        if word == "--old":
            is_old = True
        elif word == "--source":
            name, _, rest = next(words).partition("=")
            path, _, text = rest.partition(":")
            with open(text, "rb") as stream:
                sources.append((name, path, stream.read()))
        elif word in ("--set", "--cut", "--grow"):
            changes.append((word, next(words)))
        else:
            functions.append(parse_function(word))
    out = bytearray(build(functions, sources, is_old))
    for word, value in changes:
        if word == "--cut":
            del out[int(value):]
        elif word == "--grow":
            out += bytes.fromhex(value)
        else:
            at, _, digits = value.partition("=")
            new = bytes.fromhex(digits)
            out[int(at):int(at) + len(new)] = new
    with open(argv[1], "wb") as stream:
        stream.write(out)


if __name__ == "__main__":
    main(sys.argv)
