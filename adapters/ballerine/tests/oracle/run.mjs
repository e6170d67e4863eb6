// Runs definitions as Ballerine does: cases come as JSON from the standard input, what became of each goes to the standard output.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { createWorkflow } = createRequire(join(process.argv[2], 'from-here.js'))('@ballerine/workflow-core');
const say = process.stdout.write.bind(process.stdout);
for (const level of ['log', 'warn', 'error', 'info', 'debug']) console[level] = () => {};
process.on('unhandledRejection', () => {});

let answers = {};
let calls = [];

// The first label of an address is the name of the plugin that is answered.
globalThis.fetch = async (address, { method, headers, body }) => {
  const url = new URL(address);
  const plugin = url.hostname.split('.')[0];
  const call = { plugin, method, url: url.origin + url.pathname };
  if (body !== undefined) call.request = JSON.parse(body);
  if (url.search) call.query = Object.fromEntries(url.searchParams);
  if (headers['x-case'] !== undefined) call.header = headers['x-case'];
  calls.push(call);
  const given = answers[plugin] ?? [];
  const answer = (given.length > 1 ? given.shift() : given[0]) ?? { status: 200, body: {} };
  if (answer.unreachable) throw new Error(answer.unreachable);
  const { status, body: told } = answer;
  return { ok: status < 300, status, statusText: answer.text ?? '', json: async () => structuredClone(told) };
};

async function run({ definition: given, context, events, answers: own }) {
  const { definition, extensions, config } = Array.isArray(given) ? given[0] : given;
  answers = structuredClone(own ?? {});
  const workflow = createWorkflow({
    runtimeId: 'case-1',
    definition,
    extensions: extensions ?? {},
    config,
    workflowContext: context && { machineContext: context },
    invokeChildWorkflowAction: async ({ definitionId, initOptions }) => {
      calls.push({ plugin: definitionId, method: 'child', request: initOptions.context, event: initOptions.event });
    },
  });
  const steps = [];
  for (const event of events) {
    calls = [];
    let threw = null;
    try {
      await workflow.sendEvent(structuredClone(event));
      // A transformer is not waited for.
      await new Promise(resolve => setImmediate(resolve));
    } catch (error) {
      threw = String(error.message);
    }
    steps.push({ state: workflow.state ?? null, context: structuredClone(workflow.context), calls, threw });
  }
  return steps;
}

const told = [];
for (const one of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    told.push({ name: one.name, steps: await run(one) });
  } catch (error) {
    told.push({ name: one.name, refused: String(error.message) });
  }
}
say(JSON.stringify(told));
