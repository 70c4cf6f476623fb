"""The modules of a crate, read as text: what they define, and what they import from each other."""

import re
import sys
from pathlib import Path

FOLDERS = ["sealing/src", "tests/emulator/src", "codegen/src", "client/src", "xtask/src"]

NOISE = re.compile(
    r"//[^\n]*|/\*.*?\*/"  # comments
    r"|b?r(#*)\".*?\"\1|b?\"(?:\\.|[^\"\\])*\"|b?'(?:\\[^']+|[^\\'])'",  # literals
    re.DOTALL,
)
TEST = re.compile(r"#\[cfg\((?:all\()?test\b[^\]]*\]")
USE = re.compile(r"\b(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);")
MODULE = re.compile(r"\bmod\s+(\w+)\s*;")
INLINE = re.compile(r"\bmod\s+(\w+)\s*\{")
DEFINITION = re.compile(
    r"\b(?:struct|enum|union|trait|type|const|static|fn|macro_rules!)\s+(\w+)"
)
PATH = re.compile(r"(?<![\w:])([a-z_]\w*(?:::\w+)+)")


def code(text):
    """The text without comments, literals and what is compiled for tests alone."""
    text = NOISE.sub(" ", text)
    while test := TEST.search(text):
        text = text[: test.start()] + text[end_of_item(text, test.end()) :]
    return text


def end_of_item(text, at):
    depth = 0
    for at in range(at, len(text)):
        depth += (text[at] in "{[(") - (text[at] in "}])")
        if depth == 0 and text[at] in ";}":
            return at + 1
    return len(text)


def leaves(tree):
    """The paths of a tree of imports, each with the name that it gets."""
    start, brace, inner = tree.partition("{")
    if not brace:
        path, _, alias = tree.strip().partition(" as ")
        parts = path.strip().split("::")
        name = alias.strip() or (parts[-2] if parts[-1] == "self" else parts[-1])
        return [(parts[:-1] if parts[-1] == "self" else parts, name)]
    branches, depth = [""], 0
    for character in inner.rsplit("}", 1)[0]:
        depth += (character == "{") - (character == "}")
        if character == "," and depth == 0:
            branches.append("")
        else:
            branches[-1] += character
    return [leaf for it in branches if it.strip() for leaf in leaves(start.strip() + it.strip())]


class Crate:
    """The modules of a crate that have files, by their paths.

    A module within a file counts as that file, and adds nothing to the paths below it.
    """

    def __init__(self, root):
        self.files, self.code, self.inline, self.defined = {}, {}, {}, {}
        self.imports, self.exported = {}, {}
        self.read((), root)
        for module, text in self.code.items():
            for found in USE.finditer(text):
                for path, name in leaves(" ".join(found[2].split())):
                    if path := self.absolute(module, path):
                        public = bool(found[1])
                        self.imports[module].append((path, name, public))
                        if public:
                            self.exported[module].setdefault(name, []).append(path)

    def read(self, module, file):
        self.files[module] = file
        self.code[module] = text = code(file.read_text())
        self.inline[module] = set(INLINE.findall(text))
        self.defined[module] = set(DEFINITION.findall(text))
        self.imports[module], self.exported[module] = [], {}
        folder = file.parent if file.stem in ("lib", "main", "mod") else file.with_suffix("")
        for name in MODULE.findall(text):
            child = folder / f"{name}.rs"
            self.read((*module, name), child if child.exists() else folder / name / "mod.rs")

    def absolute(self, module, path):
        """The path from the crate's root, or nothing if it leads out of the crate."""
        first, *rest = path
        if first == "crate":
            return rest
        if first == "self":
            return [*module, *rest]
        if first == "super":
            again = rest if rest[:1] == ["super"] else ["self", *rest]
            return self.absolute(module[:-1], again)
        own = (*module, first) in self.code or first in self.inline[module]
        return [*module, *path] if own else None

    def definer(self, path, followed=0):
        """The module that defines what the path names."""
        module = ()
        for at, name in enumerate(path):
            if (*module, name) in self.code:
                module = (*module, name)
                continue
            if name in self.inline[module]:
                continue
            targets = self.exported[module].get(name, []) + [
                [*target[:-1], name] for target in self.exported[module].get("*", [])
            ]
            for target in targets if name not in self.defined[module] and followed < 9 else []:
                found = self.definer([*target, *path[at + 1 :]], followed + 1)
                if target[-1] in self.defined[found] or tuple(target) in self.code:
                    return found
            break
        return module

    def arrows(self):
        """What each module takes from which other one: {(module, other): names}."""
        arrows = {}
        for module, text in self.code.items():
            named = {name: path for path, name, _ in self.imports[module]}
            paths = [
                path
                for path, _, public in self.imports[module]
                if not (public and self.definer(path)[: len(module)] == module)
            ]
            for found in PATH.findall(USE.sub(";", text)):
                first, *rest = found.split("::")
                paths.append(
                    [*named[first], *rest]
                    if first in named
                    else self.absolute(module, [first, *rest])
                )
            for path in filter(None, paths):
                if (other := self.definer(path)) != module:
                    arrows.setdefault((module, other), set()).add(path[-1])
        return arrows


def roots(folders):
    """The folders, or those of the workspace, and the root of each crate in them."""
    folders = folders or FOLDERS
    crates = []
    for folder in folders:
        found = [*Path(folder).rglob("lib.rs"), *Path(folder).rglob("main.rs")]
        if not found:
            sys.exit(f"{folder} has no lib.rs or main.rs")
        crates += sorted(found)
    return folders, crates
