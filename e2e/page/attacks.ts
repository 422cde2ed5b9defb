/** What a page can try against a node, run in a real browser. Each says "done" if the node did it or let it be read, else "refused". */
import type { Page } from "playwright-core";

export type Attack = "json" | "text" | "blind" | "form" | "socket" | "frame" | "publish" | "read" | "script";
export type Outcome = "done" | "refused";

/** In the page: `node` is its URL, `body` a request that sends, `nonce` an empty frame's name. */
const SOURCE = `
const post = (node, type, body, mode) => fetch(node, { method: "POST", mode, headers: { "content-type": type }, body });
const answered = async (response) => ((await response.json()).result === undefined ? "refused" : "done");
const loaded = (element) => new Promise((done) => {
  element.onload = () => done("done");
  element.onerror = () => done("refused");
  document.body.append(element);
});
const attacks = {
  json: async (node, body) => answered(await post(node, "application/json", body)),
  text: async (node, body) => answered(await post(node, "text/plain", body)),
  blind: async (node, body) => {
    await post(node, "text/plain", body, "no-cors");
    return "refused"; // what it did is looked for on the chain
  },
  form: async (node, body) => {
    const frame = Object.assign(document.createElement("iframe"), { name: "target" });
    document.body.append(frame);
    const form = Object.assign(document.createElement("form"), { method: "POST", action: node, enctype: "text/plain", target: "target" });
    const field = Object.assign(document.createElement("input"), { name: body.slice(0, -1) + ',"x":"', value: '"}' });
    form.append(field);
    document.body.append(form);
    await new Promise((done) => {
      frame.onload = done;
      form.submit();
    });
    frame.remove();
    return "refused";
  },
  socket: (node, body) => new Promise((done) => {
    const socket = new WebSocket(node.replace("http", "ws"));
    socket.onopen = () => socket.send(body);
    socket.onmessage = (event) => done(JSON.parse(event.data).result === undefined ? "refused" : "done");
    socket.onclose = () => done("refused");
  }),
  frame: (node, body) => new Promise((done) => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts"; // its Origin is null
    const inside = (node, body) =>
      fetch(node, { method: "POST", headers: { "content-type": "text/plain" }, body })
        .then((x) => x.json())
        .then((x) => (x.result === undefined ? "refused" : "done"), () => "refused")
        .then((x) => parent.postMessage(x, "*"));
    frame.srcdoc = "<script>(" + inside + ")(" + JSON.stringify(node) + "," + JSON.stringify(body) + ")</" + "script>";
    addEventListener("message", (event) => done(event.data), { once: true });
    document.body.append(frame);
  }),
  publish: async (node) => ((await fetch(node + "/da", { method: "PUT", body: "from a page" })).ok ? "done" : "refused"),
  read: async (node) => ((await (await fetch(node + "/version")).json()).chainId === undefined ? "refused" : "done"),
  script: (node) => loaded(Object.assign(document.createElement("script"), { src: node + "/version" })),
};
`;

export function attack(page: Page, name: Attack, node: string, body: string): Promise<Outcome> {
  const expression = `(() => { ${SOURCE} return attacks[${JSON.stringify(name)}](${JSON.stringify(node)}, ${JSON.stringify(body)}).catch(() => "refused"); })()`;
  return page.evaluate(expression) as Promise<Outcome>;
}
