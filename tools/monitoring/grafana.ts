/** A dashboard as Grafana's JSON model (schema 39, Grafana 10 and newer), from rows of panels; nothing in it is of one installation. */

/** `unit`: Grafana's id of it. Each query is an expression and its legend. */
export type Panel = {
  title: string;
  about: string;
  unit: Unit;
  kind?: "stat" | "timeseries";
  /** Lowest value of the axis. */
  min?: number;
  queries: readonly (readonly [string, string])[];
};
export type Unit = "short" | "s" | "bytes" | "percentunit" | "cps" | "bool_yes_no";
export type Row = { title: string; panels: readonly Panel[] };
export type Dashboard = { uid: string; title: string; about: string; rows: readonly Row[] };

/** Grafana's grid is 24 wide. */
const WIDTH = 24;
const HEIGHT = { stat: 4, timeseries: 8 };
const PER_ROW = { stat: 6, timeseries: 3 };
const SOURCE = { type: "prometheus", uid: `\${source}` };

export function renderDashboard({ uid, title, about, rows }: Dashboard): string {
  let [y, id] = [0, 0];
  const panels = rows.flatMap(({ title, panels }) => {
    const head = { id: ++id, type: "row", title, collapsed: false, panels: [], gridPos: { x: 0, y: y++, w: WIDTH, h: 1 } };
    const placed = panels.map((panel, i) => {
      const { kind = "timeseries" } = panel;
      const w = WIDTH / PER_ROW[kind];
      const x = (w * i) % WIDTH;
      if (i > 0 && x === 0) y += HEIGHT[kind];
      return panelOf(panel, ++id, { x, y, w, h: HEIGHT[kind] });
    });
    y += HEIGHT[panels.at(-1)?.kind ?? "timeseries"];
    return [head, ...placed];
  });
  const model = {
    ...{ uid, title, description: about, tags: ["noema"], schemaVersion: 39, version: 1, editable: true, refresh: "10s" },
    time: { from: "now-1h", to: "now" },
    templating: {
      list: [
        { name: "source", label: "Prometheus", type: "datasource", query: "prometheus" },
        {
          ...{ name: "instance", label: "Node", type: "query", datasource: SOURCE, refresh: 2, multi: true, includeAll: true },
          ...{ query: "label_values(noema_build_info, instance)", current: { text: "All", value: "$__all" } },
        },
      ],
    },
    panels,
  };
  return `${JSON.stringify(model, null, 1)}\n`;
}

function panelOf({ title, about, unit, kind = "timeseries", min = 0, queries }: Panel, id: number, gridPos: object) {
  return {
    ...{ id, type: kind, title, description: about, datasource: SOURCE, gridPos },
    fieldConfig: { defaults: { unit, min }, overrides: [] },
    options:
      kind === "stat" ? { reduceOptions: { calcs: ["lastNotNull"] } } : { legend: { placement: "bottom" }, tooltip: { mode: "multi" } },
    targets: queries.map(([expr, legendFormat], i) => ({ refId: String.fromCharCode(65 + i), datasource: SOURCE, expr, legendFormat })),
  };
}
