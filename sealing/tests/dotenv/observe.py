#!/usr/bin/env python3
"""Writes what three parsers of `.env` files read: table.jsonl, which the program's parser is held against.

usage: python3 observe.py [--check]

It needs python-dotenv, and Node.js 20 or later that finds npm's dotenv (NODE_PATH, or node_modules here):

    pip install python-dotenv==1.2.4 && npm install dotenv@17.4.2

Each line of the table is a JSON array of a text and of what npm's dotenv, Node's util.parseEnv and
python-dotenv read from it: one object of names and values if they agree, else an array of three, with
null for an error. --check compares instead of writing.
"""

import io
import itertools
import json
import logging
import os
import pathlib
import random
import subprocess
import sys

from dotenv import dotenv_values

TABLE = pathlib.Path(__file__).with_name("table.jsonl")
FOLDER = TABLE.parent
NEXT = "\nL=z\n"
GENERATED = 2500

NODE = """
const dotenv = require('dotenv'), { parseEnv } = require('node:util');
const read = (parse, text) => { try { return { ...parse(text) }; } catch { return null; } };
const texts = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
console.log(JSON.stringify(texts.map(text => [read(dotenv.parse, text), read(parseEnv, text)])));
"""


def values():
    """Values of every short form, without quotes and in each kind of them."""
    signs = ["a", "'", '"', "\\", "#", "$", " "]
    short = ["".join(v) for n in range(4) for v in itertools.product(signs, repeat=n)]
    rare = ["\t", "\r", "\r\n", "\n", "\ufeff", "\u00a0", "\u00e9", "\f", "\v", "\u2028", "`", "=", ":", ";", "{", "!"]
    placed = [a + c + b for c in rare for a in ("", "a") for b in ("", "a")]
    escaped = [a + "\\" + c + a for c in "abfnrtvx0u$'\"`\\ \n#" for a in ("", "a")]
    dollars = ["$A", "${A}", "${L}", "$$", "${A:-b}", "$(a)", "\\$A", "pa$$word", "a${}", "{$A}", "$ {A}"]
    for value in short + placed + escaped + dollars:
        for form in ("K=%s", "K='%s'", 'K="%s"'):
            yield form % value + NEXT


def statements():
    """Everything that can stand around a name and a value."""
    shapes = [
        (["", " ", "\t", "export ", " export\t"], ["K", "k_1", "export", "_"], ["=", " = ", "\t="], ["a", "'a'"], ["", " # c"]),
        ([""], ["K", "K-b", "K.b", "1K"], ["=", " =", "= ", ": "], ["", "a", "'a'", '"a"'], ["", " ", "#c", " #c", " # it's", ' # "x"', "\t# c"]),
    ]
    for shape in shapes:
        for parts in itertools.product(*shape):
            for end in ("\n", "\r\n", ""):
                yield "".join(parts) + end + ("L=z" + end if end else "")


def several():
    """Values of several lines, and lines without a value."""
    inner = ["a\nb", "a\n\nb", "a\n#b", "a\n# b\n", "a\nM=b", "a\nM=b\n", "\na", "a\n", "\n", " a\n b ", "a\r\nb", "a\rb", "#", " # ", "a #b"]
    inner += ["a='b'", 'a="b"', "-----BEGIN K-----\nAb+/c\nDe==\n-----END K-----\n", "a\\nb", "\\n", "x\ty"]
    for value in inner:
        for form in ("K='%s'", 'K="%s"', "K=%s"):
            for after in ("", " ", " # c", "#c", "x"):
                yield form % value + after + NEXT
                yield (form % value + after + NEXT).replace("\r\n", "\n").replace("\n", "\r\n")
    lines = ["K", "=a", "# K=a", "#K=a", " # K='a", "K=a\nK=b", "K==", "K=a=b", "K=a==", "K= =", "AbCd==", "AbCd=", "K=MIIE\nAbCdEf=="]
    lines += ["export K", "K =", "K= #c", "K=   # c", "K=\t#c", "K=#c", "K=''", 'K=""', "K='' # c", "K=\n", "K= \n", "K='a\nL=b'", "K='a"]
    lines += [f"{start}K='a' # c{end}M=b" for start in ("", "export ", "export  ", " export  ") for end in ("\r", "\u2028", "\u2029", "\x85", "\v")]
    lines += [f"#c{end}M=b" for end in ("\r", "\u2028", "\u2029", "\x85", "\n \n#d", "\n\t\n\n# d")]
    for line in lines:
        yield line + NEXT
        yield line


def mixed():
    """Random texts, the same on every run."""
    pieces = ["a", "B", "1", "'", '"', "\\", "#", "$", " ", "\t", "=", "\n", "n", "`", "{", "}", "\r\n", "\u00fc", "K=", "\nM=", "export "]
    choose = random.Random(20)
    for _ in range(1500):
        yield "K=" + "".join(choose.choice(pieces) for _ in range(choose.randrange(3, 14))) + NEXT


def generated():
    """Random files of one to four statements, each nearly right, the same on every run."""
    choose = random.Random(21)
    pick = choose.choice
    letters = ["a", "B", "0", "_", "-", ".", "/", "+", ":", "@", ",", "%", "&", "(", "|", "~", "\u00fc", "\u4f60", "\U0001f511"]
    rare = [" ", "  ", "\t", "#", " #", "$", "${A}", "\\", "\\n", "\\r", "\\t", "\\\\", "\\'", '\\"', "'", '"', "`", "=", "\n", "\r\n",
            "\r", "\ufeff", "\u00a0", "\u2028", "\u0085", "\x00", "\x1c", "\u3000", "\u200b", "export ", "\nM=", "\n#", "\n\n"]
    names = ["K", "k_1", "_", "export", "exported", "A.b", "A-b", "1K", "\u00dc", "", "A B"]
    befores = [""] * 6 + [" ", "\t", "export ", "export\t", " export  ", "\ufeff", "#", "# ", "\u00a0", "\x0c"]
    equals = ["="] * 6 + [" = ", "= ", " =", "=\t", ":", ": ", "==", ""]
    afters = [""] * 5 + [" ", "\t", " # c", "#c", " # it's", ' # "x"', " x", " #"]
    ends = ["\n"] * 8 + ["\r\n", "\r", "\n\n", "\n \n", "\n# c\n", "\n # c=d\n", "", "\u2028"]
    for _ in range(GENERATED):
        text = ""
        for _ in range(choose.randrange(1, 5)):
            often = choose.random() < 0.6
            value = "".join(pick(letters if often or choose.random() < 0.7 else rare) for _ in range(choose.randrange(0, 9)))
            begin, end = pick([("", ""), ("'", "'"), ('"', '"'), ("`", "`"), ("'", "'"), ('"', '"'), ("'", ""), ('"', ""), ("", '"')])
            text += pick(befores) + pick(names[:3] * 4 + names) + pick(equals) + begin + value + end + pick(afters) + pick(ends)
        yield pick(["", "", "", "", "\ufeff"]) + text


def read_by_python(text):
    try:
        # As from a file that is opened in text mode.
        return dict(dotenv_values(stream=io.StringIO(text, newline=None)))
    except Exception:
        return None


def main():
    texts = list(dict.fromkeys(itertools.chain(values(), statements(), several(), mixed(), generated())))
    node = subprocess.run(["node", "-e", NODE], input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=FOLDER)
    # No variable may be there for a value to refer to.
    os.environ.clear()
    logging.disable(logging.CRITICAL)
    rows = []
    for text, read in zip(texts, json.loads(node.stdout)):
        read.append(read_by_python(text))
        row = [text, read[0] if read[0] == read[1] == read[2] else read]
        rows.append(json.dumps(row, separators=(",", ":")) + "\n")
    table = "".join(rows)
    if sys.argv[1:] != ["--check"]:
        TABLE.write_text(table)
    elif TABLE.read_text() != table:
        sys.exit("error: the parsers read other things than table.jsonl says")
    print(f"{len(rows)} texts")


if __name__ == "__main__":
    main()
