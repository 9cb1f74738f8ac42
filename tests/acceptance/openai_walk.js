// OpenAI's npm client, unmodified, through its files and batches.
//
//   OPENAI_BASE_URL=http://…/v1 OPENAI_API_KEY=… node openai_walk.js OWNER
//
// OWNER is the token's; it has the model `tale` of tests/models. The first step that sees something
// else than it should ends the walk.

const assert = require("node:assert/strict");
const OpenAI = require("openai");
const { toFile } = OpenAI;

const [owner] = process.argv.slice(2);
const model = `${owner}/tale`;
const url = "/v1/predictions";
const client = new OpenAI({ maxRetries: 1 });

const say = (step, saw) => console.log(`${step}: ${saw}`);
const row = (number, text) => ({
  custom_id: `row-${number}`,
  method: "POST",
  url,
  body: { model, input: { text } },
});
const manifest = (...rows) => rows.map((one) => JSON.stringify(one)).join("\n");

async function uploaded(...rows) {
  const file = await toFile(Buffer.from(manifest(...rows)), "rows.jsonl");
  return client.files.create({ file, purpose: "batch" });
}

const submitted = (file, more = {}) =>
  client.batches.create({
    input_file_id: file.id,
    endpoint: url,
    completion_window: "24h",
    ...more,
  });

async function ended(batch) {
  while (["validating", "in_progress", "finalizing", "cancelling"].includes(batch.status)) {
    await new Promise((done) => setTimeout(done, 100));
    batch = await client.batches.retrieve(batch.id);
  }
  return batch;
}

async function files() {
  const made = await uploaded(row(0, "x"));
  assert.deepEqual([made.object, made.purpose, made.status], ["file", "batch", "processed"]);
  assert.ok(Number.isInteger(made.created_at));
  assert.deepEqual({ ...(await client.files.retrieve(made.id)) }, { ...made });
  assert.equal(await (await client.files.content(made.id)).text(), manifest(row(0, "x")));
  assert.equal((await client.files.waitForProcessing(made.id)).id, made.id);
  const more = [await uploaded(row(1, "x")), await uploaded(row(2, "x"))];
  const seen = [];
  for await (const one of client.files.list({ limit: 2, purpose: "batch" })) seen.push(one.id);
  assert.deepEqual(seen.slice(0, 3), [more[1].id, more[0].id, made.id]);
  const gone = await client.files.delete(made.id);
  assert.deepEqual([gone.id, gone.object, gone.deleted], [made.id, "file", true]);
  await assert.rejects(client.files.retrieve(made.id), OpenAI.NotFoundError);
  say("files", made.filename);
}

async function batches() {
  const batch = await submitted(await uploaded(row(0, "a b"), row(1, "c")), {
    metadata: { from: "js" },
  });
  assert.deepEqual([batch.object, batch.endpoint, batch.model], ["batch", url, model]);
  const done = await ended(batch);
  assert.equal(done.status, "completed");
  const { total, completed, failed } = done.request_counts;
  assert.deepEqual([total, completed, failed, done.metadata], [2, 2, 0, { from: "js" }]);
  const text = await (await client.files.content(done.output_file_id)).text();
  const outputs = text.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(outputs.map((one) => one.custom_id), ["row-0", "row-1"]);
  assert.equal(outputs[0].response.body.output.join(""), "a b");
  const seen = [];
  for await (const one of client.batches.list({ limit: 1 })) seen.push(one.id);
  assert.ok(seen.includes(batch.id));
  await assert.rejects(client.batches.cancel(batch.id), OpenAI.ConflictError);
  const refused = await ended(await submitted(await uploaded(row(0, "x"), row(1, 5))));
  assert.equal(refused.status, "failed");
  assert.deepEqual(
    refused.errors.data.map((one) => [one.line, one.code, one.param]),
    [[2, "wrong_type", "body.input.text"]],
  );
  say("batches", seen.length);
}

async function refusals() {
  const file = await uploaded(row(0, "x"));
  const chat = { endpoint: "/v1/chat/completions" };
  await assert.rejects(submitted(file, chat), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.param, "endpoint");
    assert.match(error.message, /not served here/);
    return true;
  });
  const stranger = new OpenAI({ apiKey: "nobody" });
  await assert.rejects(stranger.files.list(), OpenAI.AuthenticationError);
  say("refusals", "typed");
}

async function walk() {
  await files();
  await batches();
  await refusals();
  say("walked", require("openai/version").VERSION);
}

walk().catch((error) => {
  console.error(error);
  process.exit(1);
});
