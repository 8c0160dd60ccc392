# SPDX-License-Identifier: GPL-2.0-or-later
"""Table of device kernels from what the compiler says about them: kernel_table.py --help"""
import argparse
import re
import subprocess
import sys

# Registers, warps and blocks of a multiprocessor, bytes of its shared memory: CUDA C++ Programming Guide, "Compute Capabilities".
MULTIPROCESSORS = {
    "sm_70": (65536, 64, 32, 96 * 1024),
    "sm_75": (65536, 32, 16, 64 * 1024),
    "sm_80": (65536, 64, 32, 164 * 1024),
    "sm_86": (65536, 48, 16, 100 * 1024),
    "sm_89": (65536, 48, 24, 100 * 1024),
    "sm_90": (65536, 64, 32, 228 * 1024),
    "sm_100": (65536, 64, 32, 228 * 1024),
    "sm_120": (65536, 48, 24, 100 * 1024),
}
WARP = 32
PARTS = 4  # of a multiprocessor, each with its own registers and warps
REGISTER_UNIT = 256  # registers are given to warps in portions
SHARED_UNIT = 128  # and shared memory to blocks
SHARED_RESERVED = 1024  # for the system, of each block, from sm_80 on


def round_up(value, unit):
    return -(-value // unit) * unit


def argument_end(text, start):
    """Where the template argument that begins at start ends."""
    depth = 0
    for i in range(start, len(text)):
        if text[i] in "<({[":
            depth += 1
        elif text[i] in ">)}]":
            depth -= 1
            if depth < 0:
                return i
        elif text[i] == "," and depth == 0:
            return i
    return len(text)


def split_arguments(text):
    parts, start = [], 0
    while start < len(text):
        end = argument_end(text, start)
        parts.append(text[start:end].strip())
        start = end + 1
    return parts


def plain(name):
    """The name without template arguments, and those of them that tell instances apart: precisions, numbers and plain classes."""
    words, outside, i = [], "", 0
    while i < len(name):
        if name[i] == "<":
            end = argument_end(name, i + 1)
            inside = name[i + 1:end]
            while end < len(name) and name[end] == ",":
                end = argument_end(name, end + 1)
                inside = name[i + 1:end]
            words += [w for w in split_arguments(inside) if re.fullmatch(r"double|float|\d+[ul]*|[A-Z]\w*", w)]
            i = end + 1
        else:
            outside += name[i]
            i += 1
    return outside, words


def short_name(demangled, space):
    """Name of the functor of a kernel, or of a function, of the namespace; None: it is not ours."""
    start = demangled.find(space + "::")
    if start < 0:
        return None
    functor = demangled[start:argument_end(demangled, start)]
    functor = functor.replace(space + "::", "").replace("device::", "").replace("(anonymous namespace)::", "")
    place = ""
    inner = re.search(r"::\{lambda\(.*\)#(\d+)\}.*$|::'lambda(\d*)'\(.*$", functor)
    if inner:
        functor = functor[:inner.start()]
        pattern = re.search(r"Impl::Parallel(For|Reduce|Scan)<", demangled)
        place = ", " + (pattern.group(1).lower() if pattern else "lambda") + " " + (inner.group(1) or inner.group(2) or "1")
    opening = functor.find("(")
    name, words = plain(functor if opening < 0 else functor[:opening])
    return " ".join([name + place] + words)


def demangle(names):
    answer = subprocess.run(["c++filt"], input="\n".join(names), capture_output=True, text=True, check=True).stdout
    return dict(zip(names, answer.split("\n")))


def read_ptxas(text):
    """{mangled name: what nvcc says of it}"""
    found, name = {}, None
    for line in text.splitlines():
        if match := re.search(r"Compiling entry function '(\S+)'", line):
            found[match.group(1)] = {"entry": True}
        elif match := re.search(r"Function properties for (\S+)", line):
            name = match.group(1)
            found.setdefault(name, {"entry": False})
        elif match := re.search(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", line):
            stack, stores, loads = (int(n) for n in match.groups())
            found[name].update(stack=stack, spills=(stores, loads), spilled=stores + loads > 0)
        elif match := re.search(r"Used (\d+) registers", line):
            found[name]["registers"] = int(match.group(1))
            shared = re.search(r"(\d+) bytes smem", line)
            found[name]["shared"] = int(shared.group(1)) if shared else 0
            stack = re.search(r"(\d+) bytes cumulative stack", line)
            if stack:
                found[name]["stack"] = int(stack.group(1))
    return found


REMARKS = {"VGPRs": "vector", "AGPRs": "accumulator", "TotalSGPRs": "scalar", "ScratchSize": "stack", "LDS Size": "shared",
           "Occupancy": "waves", "SGPRs Spill": "scalar spills", "VGPRs Spill": "vector spills"}


def read_remarks(text):
    """{mangled name: what clang says of it, for AMD}"""
    found, name = {}, None
    for line in text.splitlines():
        if match := re.search(r"remark: Function Name: (\S+)", line):
            name = match.group(1)
            found[name] = {"entry": True}
        elif match := re.search(r"remark: +([A-Za-z ]+?)(?: \[[^]]*\])?: (\d+)", line):
            if match.group(1) in REMARKS:
                found[name][REMARKS[match.group(1)]] = int(match.group(2))
    for row in found.values():
        row["spills"] = (row.pop("scalar spills"), row.pop("vector spills"))
        row["spilled"] = row["spills"][1] > 0  # scalar registers are kept in vector registers, or else in scratch memory
    return found


def read_kernels(text, space):
    """Rows of the kernels of the namespace, and of functions they call that spill."""
    found = read_ptxas(text) or read_remarks(text)
    names = demangle(list(found))
    rows = []
    for mangled, row in found.items():
        name = short_name(names[mangled], space)
        if name is None or (not row["entry"] and not row["spilled"]):
            continue
        bounds = re.search(r"LaunchBounds<(\d+)", names[mangled])
        row.update(name=name, threads=int(bounds.group(1)) if bounds else 0)
        rows.append(row)
    return sorted(rows, key=lambda row: row["name"])


def occupancy(row, arch, scratch):
    """Blocks of a multiprocessor (None: the launch decides on their size), per cent of its warps, what limits these."""
    registers, most_warps, most_blocks, most_shared = MULTIPROCESSORS[arch]
    a_warp = round_up(row["registers"] * WARP, REGISTER_UNIT)
    warps = min(most_warps, PARTS * (registers // PARTS // a_warp))
    limit = "registers" if warps < most_warps else "warps"
    if not row["threads"]:
        return None, 100 * warps // most_warps, limit
    a_block = round_up(row["threads"], WARP) // WARP
    shared = round_up(row["shared"] + scratch + SHARED_RESERVED, SHARED_UNIT)
    blocks, limit = min((warps // a_block, limit), (most_shared // shared, "shared memory"), (most_blocks, "blocks"))
    return blocks, 100 * blocks * a_block // most_warps, limit


NVIDIA_HEADS = ("kernel", "arch", "registers", "stack", "spills", "shared", "threads", "blocks", "warps", "limit")
AMD_HEADS = ("kernel", "arch", "vector", "accumulator", "scalar", "scratch", "spills", "LDS", "threads", "waves")


def table_line(row, arch, scratch):
    spills, threads = "%d/%d" % row["spills"], row["threads"] or "-"
    if arch not in MULTIPROCESSORS:
        return (row["name"], arch, row["vector"], row["accumulator"], row["scalar"], row["stack"], spills, row["shared"], threads,
                row["waves"])
    blocks, percent, limit = occupancy(row, arch, scratch)
    return (row["name"], arch, row["registers"], row["stack"], spills, row["shared"], threads,
            "-" if blocks is None else blocks, "%d %%" % percent, limit)


def print_table(heads, lines):
    lines = [tuple(str(word) for word in line) for line in [heads, *lines]]
    widths = [max(len(line[c]) for line in lines) for c in range(len(heads))]
    for line in lines:
        cells = [word.ljust(width) if head in ("kernel", "arch", "limit") else word.rjust(width)
                 for head, word, width in zip(heads, line, widths)]
        print("  ".join(cells).rstrip())


def complaints(rows, arch, budget):
    for row in rows:
        if row["spilled"]:
            yield f"{row['name']} on {arch} spills registers: %d/%d" % row["spills"]
        if row["stack"] > budget:
            yield f"{row['name']} on {arch} has a stack frame of {row['stack']} bytes, above the budget of {budget}"


def main():
    parser = argparse.ArgumentParser(description="Table of the kernels in compiler logs FILE, named UNIT.ARCH.log.")
    parser.add_argument("--space", required=True, help="namespace of the kernels")
    parser.add_argument("--budget", type=int, required=True, help="bytes of stack a kernel may have")
    parser.add_argument("--scratch", type=int, default=0, help="bytes of shared memory asked for at launch")
    parser.add_argument("logs", nargs="+")
    options = parser.parse_args()
    lines, wrong = [], []
    for path in options.logs:
        arch = path.split(".")[-2]
        with open(path) as log:
            rows = read_kernels(log.read(), options.space)
        lines += [table_line(row, arch, options.scratch) for row in rows if row["entry"]]
        wrong += complaints(rows, arch, options.budget)
    # Kernels that several files have are the same in each.
    lines, wrong = list(dict.fromkeys(lines)), list(dict.fromkeys(wrong))
    print_table(NVIDIA_HEADS if arch in MULTIPROCESSORS else AMD_HEADS, lines)
    if not lines:
        wrong.append("the files hold no kernel of this project")
    if wrong:
        others = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        sys.exit(f"error: {wrong[0]}{others}")


if __name__ == "__main__":
    main()
