// Parses the diagram files given as arguments with the real Mermaid and prints what it read of each, as
// one JSON array. Exits with 1 if any cannot be parsed.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid sanitizes labels while it parses, and its sanitizer needs a document.
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

// Mermaid's own marks for entity codes, which it decodes when it draws.
const decode = (label) =>
  label.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code))).replaceAll("<br/>", "<br>");

const readers = {
  "flowchart-v2": (db) => ({
    nodes: [...db.getVertices().values()].map(({ id, text, classes }) => ({ id, label: decode(text), classes })),
    edges: db.getEdges().map(({ start, end }) => [start, end]),
    subgraphs: db.getSubGraphs().length,
    links: [...db.getVertices().values()].filter(({ link, haveCallback }) => link || haveCallback).length,
  }),
  gantt: (db) => ({
    sections: db.getSections().map(decode),
    bars: db.getTasks().map(({ task, section, crit, startTime, endTime }) => ({
      label: decode(task),
      section: decode(section),
      failed: crit === true,
      start_ms: startTime.getTime(),
      end_ms: endTime.getTime(),
    })),
    title: decode(db.getDiagramTitle()),
    links: db.getLinks().size,
  }),
};

async function read(file) {
  try {
    const text = readFileSync(file, "utf8");
    const { diagramType, config } = await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    return { file, ok: true, diagramType, config, ...readers[diagramType](db) };
  } catch (error) {
    return { file, ok: false, error: String(error) };
  }
}

const results = [];
for (const file of process.argv.slice(2)) {
  results.push(await read(file)); // one after the other: Mermaid keeps its settings globally
}
console.log(JSON.stringify(results, null, 2));
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
