import { describe, expect, it } from "vitest";
import { preview } from "../../src/data/columns.ts";
import { parseTable } from "../../src/data/csv.ts";
import type { CsvSource } from "../../src/data/csvText.ts";
import { DataError, type Table } from "../../src/data/table.ts";

const rowsOf = (table: Table): string[][] =>
  Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => column[row]));

const bytes = (...values: number[]): Blob => new Blob([Uint8Array.from(values)]);

/** Chunks of one byte each: every multi-byte character, line end and quote falls on a border. */
async function* byteByByte(text: string): AsyncGenerator<Uint8Array> {
  for (const byte of new TextEncoder().encode(text)) yield Uint8Array.of(byte);
}

describe("parseTable", () => {
  const quoted = '\ufeffname,"a ""b""","x, y"\r\n"two\r\nlines",1,ä\r\n\r\n  spaced , 2 ,"say ""hi"""\r\n';
  const expected = [
    ["two\nlines", "1", "ä"],
    ["spaced", "2", 'say "hi"'],
  ];

  it.each([
    ["text", (): CsvSource => quoted],
    ["a blob", (): CsvSource => new Blob([quoted])],
    ["a file", (): CsvSource => new File([quoted], "quoted.csv")],
    ["chunks of bytes", (): CsvSource => byteByByte(quoted)],
  ] as const)("reads byte order mark, CRLF, quoted line ends, doubled quotes and blanks from %s", async (_, source) => {
    const table = await parseTable(source(), "quoted.csv");
    expect(table.header).toEqual(["name", 'a "b"', "x, y"]);
    expect(rowsOf(table)).toEqual(expected);
    expect(table.name).toBe("quoted.csv");
  });

  it("takes a lone carriage return for a line end, wherever the source is cut", async () => {
    const table = await parseTable(byteByByte("a,b\r1,2\r\n3,4\r"));
    expect(rowsOf(table)).toEqual([
      ["1", "2"],
      ["3", "4"],
    ]);
  });

  it("takes the name of a file", async () => {
    expect((await parseTable(new File(["a,b\n1,2"], "small.csv"))).name).toBe("small.csv");
  });

  it.each([
    ["semicolon", "x;y;kind\n1,5;2,5;a\n-3,25;4;b\n", ","],
    ["tab", "x\ty\tkind\n1.5\t2.5\ta\n-3.25\t4\tb", "."],
    ["bar", "\n\nx|y|kind\n1.5|2.5|a\n-3.25|4|b", "."],
    ["comma", "x,y,kind\r1.5,2.5,a\r-3.25,4,b\r", "."],
  ])("detects %s between cells, and the decimal mark that goes with it", async (_, text, decimalMark) => {
    const table = await parseTable(text);
    expect(table.header).toEqual(["x", "y", "kind"]);
    expect(table.decimalMark).toBe(decimalMark);
    expect(preview(table).columns.map(({ type }) => type)).toEqual(["numeric", "numeric", "categorical"]);
  });

  it("names columns without a name and makes repeated names unique", async () => {
    expect((await parseTable("a,,a,a (2),a, \n1,2,3,4,5,6")).header).toEqual([
      "a",
      "column 2",
      "a (3)",
      "a (2)",
      "a (4)",
      "column 6",
    ]);
  });

  it("reads a table of many pieces whole and in order", async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i},"value ${i}"`);
    const table = await parseTable(new Blob([`i,text\n${lines.join("\n")}`]));
    expect(table.rows).toBe(60_000);
    expect(table.columns[0].every((cell, i) => cell === String(i))).toBe(true);
    expect(table.columns[1].every((cell, i) => cell === `value ${i}`)).toBe(true);
  });

  it.each([
    ["a row with too few cells", "a,b,c\n1,2,3\n4,5\n", /^line 3: got 2 cells, expected 3 as in the header/],
    ["a row with too many cells", 'a,b\n"1\n1",2\n\n4,5,6\n', /^line 5: got 3 cells, expected 2/],
    ["an empty file", "", /^file: got an empty file/],
    ["a blank file", "\n  \n\n", /^file: got an empty file/],
    ["a header alone", "a,b,c\n", /^rows: got a header and no rows/],
    ["a first line of numbers", "1,0,7\n2,1,8\n", /^line 1: got the number 1, expected a column name/],
    [
      "a first line of measurements",
      "5.1,3.5,setosa\n4.9,3,setosa\n",
      /^line 1: got the number 5\.1, expected a column name/,
    ],
    ["a single column", "a\n1\n2\n", /^line 1: got one column/],
    ["a quote that never ends", 'a,b\n1,"2\n3,4\n', /^line 2: got a cell with a quote that is never closed/],
    ["text after a closing quote", 'a,b\n1,2\n"3"4,5\n6,7\n', /^line 3: got a cell with text after a closing quote/],
    ["zero bytes", bytes(0x50, 0x4b, 0, 0), /^file: got binary content/],
    ["bytes that are no UTF-8", bytes(0x61, 0x2c, 0x62, 0x0a, 0xe4, 0x2c, 0x31), /^file: got bytes that are no UTF-8/],
    ["UTF-16", bytes(0xff, 0xfe, 0x61, 0, 0x2c, 0), /^file: got bytes that are no UTF-8/],
    ["a cut UTF-8 character", bytes(0x61, 0x2c, 0x62, 0x0a, 0x31, 0x2c, 0xc3), /^file: got bytes that are no UTF-8/],
    ["too many columns", `${"c,".repeat(4096)}c\n`, /^columns: got 4097, expected at most 4096/],
  ])("refuses %s, saying what and where", async (_, source, message) => {
    const refusal = parseTable(source);
    await expect(refusal).rejects.toThrow(DataError);
    await expect(refusal).rejects.toThrow(message);
  });

  it("lets whole numbers name columns beside words", async () => {
    expect((await parseTable("country,1990,1991\nA,1,2\n")).header).toEqual(["country", "1990", "1991"]);
  });

  it("refuses 50 MB of one line after reading two of them, and closes the source", async () => {
    let read = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (; read < 50; read++) yield new Uint8Array(2 ** 20).fill(0x61);
      } finally {
        closed = true;
      }
    }
    await expect(parseTable(endless())).rejects.toThrow(/^line 1: got a row of more than a million characters/);
    expect(read).toBeLessThan(3);
    expect(closed).toBe(true);
  });

  it("refuses a quote that swallows millions of lines, naming the line where it opens", async () => {
    const text = `a,b\n1,2\n"3,4\n${"5,6\n".repeat(500_000)}`;
    await expect(parseTable(text)).rejects.toThrow(/^line 3: got a row of more than a million characters/);
  });

  it("refuses more than 512 MB before reading any of it", async () => {
    class HugeFile extends Blob {
      override get size(): number {
        return 600 * 2 ** 20;
      }
      override stream(): ReturnType<Blob["stream"]> {
        throw new Error("was read");
      }
    }
    await expect(parseTable(new HugeFile())).rejects.toThrow(/^file: got 600 MB, more than 512 MB/);
  });
});

describe("preview", () => {
  const previewOf = async (text: string) => preview(await parseTable(text));

  it("counts missing and different cells and shows the first rows", async () => {
    const text = ["x,group,note", "1,a,NA", "?,b,", "NaN,a,null", "2.5e-3,-,N/A"].join("\n");
    const { rows, columns, head } = await previewOf(text);
    expect(rows).toBe(4);
    expect(columns).toEqual([
      { name: "x", type: "numeric", missing: 2, distinct: 2, examples: ["1", "2.5e-3"] },
      { name: "group", type: "categorical", missing: 1, distinct: 2, examples: ["a", "b"] },
      { name: "note", type: "ignored", missing: 4, distinct: 0, examples: [] },
    ]);
    expect(head[1]).toEqual(["?", "b", ""]);
  });

  it("takes a column for numbers only when every cell is a finite one", async () => {
    const text = "a,b,c,d,e\n1,1,1,0x10,1\n-.5e3,inf,1e39,2,1 2\n+4.,3,5,6,7";
    const { columns } = await previewOf(text);
    expect(columns.map(({ type }) => type)).toEqual([
      "numeric",
      "categorical",
      "categorical",
      "categorical",
      "categorical",
    ]);
  });

  it("proposes to ignore texts that are nearly all different", async () => {
    const text = `id,group,x\n${Array.from({ length: 60 }, (_, i) => `n${i},g${i % 3},${i}`).join("\n")}`;
    const { columns } = await previewOf(text);
    expect(columns.map(({ type }) => type)).toEqual(["ignored", "categorical", "numeric"]);
  });

  it.each([
    ["a telling name", "Species,island,mass\na,b,1\nc,d,2", "Species"],
    ["else the last categories", "x,kind,sort,y2\n1,a,b,1\n2,c,d,2", "sort"],
    ["else the last column", "x1,x2,out\n1,2,3\n4,5,6", "out"],
  ])("proposes as target the column with %s", async (_, text, target) => {
    expect((await previewOf(text)).target).toBe(target);
  });
});
