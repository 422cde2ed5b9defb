import { get } from "node:http";
import { isNoemaError } from "@noema/core/errors";
import { describe, expect, it } from "vitest";
import { addProcessMetrics } from "./process-metrics.ts";
import { createMetricsRegistry } from "./registry.ts";
import { startMetricsServer } from "./server.ts";

describe("metrics", () => {
  it("counts, reads gauges when scraped, and observes", async () => {
    const metrics = createMetricsRegistry();
    const count = metrics.counter("noema_test_things_total", "things");
    let level = 1;
    metrics.gauge("noema_test_level_bytes", "level", () => level);
    metrics.histogram("noema_test_wait_seconds", "wait", [0.1, 1])(0.5);
    count();
    count(2);
    level = 7;
    const { body } = await metrics.scrape();
    expect(body).toContain("noema_test_things_total 3");
    expect(body).toContain("noema_test_level_bytes 7");
    expect(body).toContain('noema_test_wait_seconds_bucket{le="1"} 1');
  });

  it("tells a series for each combination of labels, and none for what is not there any more", async () => {
    const metrics = createMetricsRegistry();
    const count = metrics.counter("noema_test_things_total", "things", ["colour"]);
    let kept = [{ of: { place: "a" }, value: 3 }];
    metrics.gauge("noema_test_level_bytes", "level", () => kept, ["place"]);
    metrics.total("noema_test_kept_total", "kept", () => 5);
    count(2, { colour: "red" });
    count(1, { colour: "blue" });
    const { body: first } = await metrics.scrape();
    for (const line of ['things_total{colour="red"} 2', 'things_total{colour="blue"} 1', 'level_bytes{place="a"} 3', "kept_total 5"])
      expect(first).toContain(`noema_test_${line}`);
    kept = [{ of: { place: "b" }, value: 4 }];
    const { body: second } = await metrics.scrape();
    expect(second).toContain('noema_test_level_bytes{place="b"} 4');
    expect(second).not.toContain('place="a"');
    expect(second).toContain("noema_test_kept_total 5");
    expect(() => count(1, { shape: "round" })).toThrow();
  });

  it("refuses a name twice and a name of another form", () => {
    const metrics = createMetricsRegistry();
    metrics.counter("noema_test_things_total", "things");
    expect(() => metrics.counter("noema_test_things_total", "things")).toThrow();
    expect(() => metrics.counter("things", "things")).toThrow("noema_<area>");
  });

  it("answers no page of another site, nor one that pointed its name here", async () => {
    const server = await startMetricsServer({ host: "127.0.0.1", port: 0, hosts: ["prometheus.example"] }, createMetricsRegistry());
    const status = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const url = `http://127.0.0.1:${server.port}/metrics`;
        get(url, { headers }, (answer) => resolve(answer.resume().statusCode)).once("error", reject);
      });
    expect(await status({ host: "evil.example" })).toBe(403);
    expect(await status({ origin: "https://evil.example" })).toBe(403);
    expect(await status({ host: "prometheus.example" })).toBe(200);
    await server.stop();
  });

  it("serves /metrics on its own port, and says when the port is taken", async () => {
    const metrics = createMetricsRegistry();
    const stopSampling = addProcessMetrics(metrics);
    const server = await startMetricsServer({ host: "127.0.0.1", port: 0 }, metrics);
    const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("noema_process_event_loop_lag_p99_seconds");
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
    const second = await startMetricsServer({ host: "127.0.0.1", port: server.port }, metrics).catch((error) => error);
    expect(isNoemaError(second, "PORT_IN_USE")).toBe(true);
    await server.stop();
    stopSampling();
  });
});
