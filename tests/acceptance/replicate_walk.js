// Replicate's JS client, unmodified, through all that it asks.
//
//     REPLICATE_BASE_URL=https://… REPLICATE_API_TOKEN=… node replicate_walk.js OWNER [HOOK]
//
// OWNER is the token's; it has the models `tale`, `copies` and `line` of tests/models. HOOK is
// told of one prediction and one training. Each step says what it saw; the first that saw something else ends the walk.
const assert = require("node:assert/strict");
const { setTimeout: sleep } = require("node:timers/promises");
const Replicate = require("replicate");

const [OWNER, HOOK] = process.argv.slice(2);
const TALE = `${OWNER}/tale`;
const COPIES = `${OWNER}/copies`;
const LINE = `${OWNER}/line`;
const TEXT = "once upon a time";
const baseUrl = `${process.env.REPLICATE_BASE_URL}/v1`;
const replicate = new Replicate({ baseUrl });

const say = (step, saw) => console.log(`${step}: ${saw}`);

/** What a call is refused with: a problem that says its status and why. */
async function refused(status, call) {
  const error = await call().then(() => assert.fail("was not refused"), (error) => error);
  assert.equal(error.name, "ApiError", error.message);
  assert.equal(error.response.status, status, error.message);
  const problem = JSON.parse(error.message.slice(error.message.indexOf("{"), -1));
  assert.ok(problem.title && problem.detail);
  return problem;
}

async function account() {
  const me = await replicate.accounts.current();
  assert.deepEqual([me.type, me.username], ["user", OWNER]);
  const [first] = await replicate.hardware.list();
  assert.equal(first.sku, "cpu");
  assert.deepEqual((await replicate.collections.list()).results, []);
  await refused(404, () => replicate.collections.get("text-to-image"));
  const stranger = new Replicate({ baseUrl, auth: "nobody" });
  const problem = await refused(401, () => stranger.accounts.current());
  say("account, hardware, collections, a bad token", [me.username, first.sku, problem.title]);
}

async function models() {
  const name = `m${Date.now()}`;
  const about = { visibility: "private", hardware: "cpu", description: "a walrus that writes" };
  const made = await replicate.models.create(OWNER, name, about);
  assert.equal(made.description, about.description);
  await refused(409, () => replicate.models.create(OWNER, name, about));
  const seen = [];
  for await (const page of replicate.paginate(replicate.models.list)) seen.push(...page);
  assert.ok(seen.some((one) => one.name === name));
  const found = await replicate.models.search(`walrus ${name}`);
  assert.deepEqual(found.results.map((one) => one.name), [name]);
  await replicate.request(`/models/${OWNER}/${name}`, { method: "DELETE" });
  await refused(404, () => replicate.models.get(OWNER, name));
  const model = await replicate.models.get(OWNER, "tale");
  const { results: [version] } = await replicate.models.versions.list(OWNER, "tale");
  assert.equal(version.id, model.latest_version.id);
  const same = await replicate.models.versions.get(OWNER, "tale", version.id);
  assert.equal(same.openapi_schema.components.schemas.Output["x-cog-array-type"], "iterator");
  await refused(404, () => replicate.models.versions.get(OWNER, "tale", "0".repeat(64)));
  say("models and versions: create, list, search, delete, get", name);
}

async function runs() {
  const { latest_version: { id } } = await replicate.models.get(OWNER, "tale");
  const input = { text: TEXT };
  const states = [];
  const output = await replicate.run(TALE, { input }, (one) => states.push(one.status));
  assert.equal(output.join(""), TEXT);
  assert.equal(states.at(-1), "succeeded");
  assert.equal((await replicate.run(`${TALE}:${id}`, { input })).join(""), TEXT);
  const polled = await replicate.run(TALE, { input, wait: { mode: "poll", interval: 50 } });
  assert.equal(polled.join(""), TEXT);
  const slow = { input: { text: TEXT, pause_s: 0.3 }, wait: { mode: "block", timeout: 1 } };
  assert.equal((await replicate.run(TALE, slow)).join(""), TEXT);
  const failing = { input: { text: TEXT, fails_at: 2 } };
  await assert.rejects(replicate.run(TALE, failing), /Prediction failed: .*word 2 is too hard/);
  const problem = await refused(422, () => replicate.run(TALE, { input: { text: 5 } }));
  assert.equal(problem.invalid_fields[0].field, "input.text");
  await refused(404, () => replicate.run(`${OWNER}/nothing`, { input }));
  const gone = new AbortController();
  const options = { wait: { mode: "poll", interval: 50 }, signal: gone.signal };
  let stopped;
  await replicate.run(TALE, { input: { text: TEXT, pause_s: 20 }, ...options }, (one) => {
    stopped = one;
    if (one.status === "processing") gone.abort();
  });
  assert.equal((await replicate.wait(stopped, { interval: 50 })).status, "canceled");
  say("run: by model, by version, waiting, polling, failing, aborted", states);
}

async function bytes(output) {
  return Buffer.from(await (await output.blob()).arrayBuffer());
}

async function files() {
  const content = Buffer.from("1\r\n\0\xff".repeat(50_000), "latin1");
  const input = { file: content, copies: 2 };
  const output = await replicate.run(COPIES, { input });
  assert.equal(output.length, 2);
  for (const one of output) assert.deepEqual(await bytes(one), content);
  assert.ok(output[1].url().pathname.endsWith("copy-1.txt"));
  const chained = await replicate.run(COPIES, { input: { file: output[0].url().href } });
  assert.deepEqual(await bytes(chained[0]), content);
  const plain = new Replicate({ baseUrl, useFileOutput: false });
  const [address] = await plain.run(COPIES, { input: { file: new Blob(["x"]) } });
  assert.equal(await (await fetch(address)).text(), "x");
  const leaking = new Replicate({ baseUrl, fileEncodingStrategy: "data-uri" });
  const problem = await refused(422, () => leaking.run(TALE, { input }));
  assert.ok(!JSON.stringify(problem).includes(replicate.auth));
  const made = await replicate.files.create(new File(["rows"], "räum.jsonl"), { a: "1" });
  assert.deepEqual([made.name, made.size, made.metadata], ["räum.jsonl", 4, { a: "1" }]);
  assert.equal((await replicate.files.get(made.id)).etag, made.etag);
  assert.ok((await replicate.files.list()).results.some((one) => one.id === made.id));
  assert.equal(await (await fetch(made.urls.download)).text(), "rows");
  assert.equal(await replicate.files.delete(made.id), true);
  await refused(404, () => replicate.files.get(made.id));
  say("files: buffers and blobs in, FileOutput out, uploads", output[1].url().pathname.slice(-10));
}

async function predictions() {
  const { latest_version: { id: version } } = await replicate.models.get(OWNER, "tale");
  const made = await replicate.predictions.create({ version, input: { text: TEXT } });
  assert.deepEqual([made.status, made.error, made.output], ["starting", null, null]);
  const ended = await replicate.wait(made, { interval: 50 });
  assert.equal(ended.output.join(""), TEXT);
  assert.deepEqual(Replicate.parseProgressFromLogs(ended), { percentage: 0.75, current: 3, total: 4 });
  const { results } = await replicate.predictions.list();
  const seen = [];
  for await (const page of replicate.paginate(replicate.predictions.list)) seen.push(...page);
  assert.ok(seen.length >= results.length && seen.some((one) => one.id === made.id));
  const slow = await replicate.predictions.create({ model: TALE, input: { text: TEXT, pause_s: 30 } });
  while ((await replicate.predictions.get(slow.id)).status === "starting") await sleep(50);
  await replicate.predictions.cancel(slow.id);
  assert.equal((await replicate.wait(slow, { interval: 50 })).status, "canceled");
  assert.equal((await replicate.predictions.cancel(slow.id)).status, "canceled");
  await refused(404, () => replicate.predictions.get("pred_nothing"));
  say("predictions: create, wait, get, list, pages, cancel", seen.length);
}

async function streams() {
  const events = [];
  const input = { text: `${TEXT}\nthere was` };
  for await (const event of replicate.stream(TALE, { input })) events.push(event);
  assert.deepEqual(events.map((one) => one.event), [...Array(5).fill("output"), "done"]);
  assert.equal(events.join(""), `${input.text}`);
  assert.ok(events.every((one) => one.id));
  const failing = replicate.stream(TALE, { input: { text: TEXT, fails_at: 0 } });
  await assert.rejects(failing.next(), /word 0 is too hard/);
  const given = [];
  const file = Buffer.from("streamed");
  for await (const event of replicate.stream(COPIES, { input: { file, copies: 2 } })) given.push(event);
  assert.deepEqual(given.map((one) => one.event), ["output", "output", "done"]);
  for (const one of given.slice(0, 2)) assert.deepEqual(await bytes(one.data), file);
  say("stream: live, failing, of files", given[1].data.url().pathname.slice(-10));
}

async function deployments() {
  const { latest_version: { id: version } } = await replicate.models.get(OWNER, "tale");
  const name = `d${Date.now()}`;
  const size = { hardware: "cpu", min_instances: 0, max_instances: 1 };
  const given = { name, model: TALE, version, ...size };
  const made = await replicate.deployments.create(given);
  assert.deepEqual([made.owner, made.name], [OWNER, name]);
  assert.deepEqual([made.current_release.number, made.current_release.version], [1, version]);
  assert.deepEqual(made.current_release.configuration, size);
  await refused(409, () => replicate.deployments.create(given));
  const input = { text: TEXT };
  const told = await replicate.deployments.predictions.create(OWNER, name, { input });
  assert.equal((await replicate.wait(told, { interval: 50 })).output.join(""), TEXT);
  const { latest_version: copies } = await replicate.models.get(OWNER, "copies");
  const rolled = await replicate.deployments.update(OWNER, name, { version: `${COPIES}:${copies.id}` });
  assert.deepEqual([rolled.current_release.number, rolled.current_release.version], [2, copies.id]);
  const file = { input: { file: Buffer.from("through") } };
  const through = await replicate.deployments.predictions.create(OWNER, name, file);
  assert.equal((await replicate.wait(through, { interval: 50 })).version, copies.id);
  const wider = await replicate.deployments.update(OWNER, name, { max_instances: 2 });
  assert.equal(wider.current_release.configuration.max_instances, 2);
  await refused(422, () => replicate.deployments.update(OWNER, name, { min_instances: 3 }));
  assert.equal((await replicate.deployments.get(OWNER, name)).current_release.number, 3);
  assert.ok((await replicate.deployments.list()).results.some((one) => one.name === name));
  assert.equal(await replicate.deployments.delete(OWNER, name), true);
  await refused(404, () => replicate.deployments.get(OWNER, name));
  say("deployments: create, update, get, list, predictions, delete", name);
}

async function webhooks() {
  const { key } = await replicate.webhooks.default.secret.get();
  assert.match(key, /^whsec_/);
  const input = { text: "x" };
  const bad = { model: TALE, input, webhook: "https://example.com", webhook_events_filter: ["end"] };
  await refused(422, () => replicate.predictions.create(bad));
  if (HOOK) {
    const told = { model: TALE, input, webhook: HOOK, webhook_events_filter: ["completed"] };
    await replicate.wait(await replicate.predictions.create(told), { interval: 50 });
  }
  say("webhooks: the secret, filters", HOOK);
}

async function trainings() {
  const { latest_version: { id: version } } = await replicate.models.get(OWNER, "line");
  const name = `t${process.hrtime.bigint()}`;
  await replicate.models.create(OWNER, name, { hardware: "cpu", visibility: "private" });
  const destination = `${OWNER}/${name}`;
  const { urls } = await replicate.files.create(Buffer.from("0,1\n1,3\n2,5\n"));
  const input = { points: urls.get, steps: 400 };
  const told = HOOK ? { webhook: HOOK, webhook_events_filter: ["completed"] } : {};
  const made = await replicate.trainings.create(OWNER, "line", version, { destination, input, ...told });
  assert.deepEqual([made.status, made.version, made.error], ["starting", version, null]);
  const ended = await waited(made.id);
  assert.deepEqual([ended.status, ended.error], ["succeeded", null]);
  assert.ok((await replicate.trainings.list()).results.some((one) => one.id === made.id));
  assert.equal(await replicate.run(ended.output.version, { input: { x: 10 } }), 21);
  const weights = await (await fetch(ended.output.weights)).json();
  assert.deepEqual(weights, { slope: 2, offset: 1 });

  const slow = { destination, input: { points: urls.get, pause_s: 30 } };
  const { id } = await replicate.trainings.create(OWNER, "line", version, slow);
  while ((await replicate.trainings.get(id)).status === "starting") await sleep(50);
  await replicate.trainings.cancel(id);
  assert.equal((await waited(id)).status, "canceled");
  const bad = { destination, input: { steps: 0, points: 5 } };
  const problem = await refused(422, () => replicate.trainings.create(OWNER, "line", version, bad));
  const fields = problem.invalid_fields.map((one) => one.field).sort();
  assert.deepEqual(fields, ["input.points", "input.steps"]);
  const nowhere = { destination: `${OWNER}/nothing`, input };
  await refused(404, () => replicate.trainings.create(OWNER, "line", version, nowhere));
  await refused(404, () => replicate.trainings.get("train_nothing"));
  say("trainings: create, list, get, cancel, run what was trained", ended.output.version.slice(-12));
}

/** A training once it has ended; this client waits for predictions alone. */
async function waited(id) {
  for (;;) {
    const training = await replicate.trainings.get(id);
    if (!["starting", "processing"].includes(training.status)) return training;
    await sleep(50);
  }
}

(async () => {
  const first = [account, models, runs, files, predictions, streams, deployments, webhooks];
  for (const step of [...first, trainings]) await step();
  say("walked", require("replicate/package.json").version);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
