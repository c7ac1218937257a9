/* Everything that the Lambda calls, simulated on this machine, for `sam local invoke` by hand. */
import { once } from 'node:events';
import { publish, startServices } from './services.js';

const services = await startServices('trading-alerts');
const published = await publish(services);
process.stdout.write(`The services of events/env.example.json are up, until Ctrl-C. In another terminal:
  cp events/env.example.json events/env.json
  sam build && sam local invoke CheckFunction -e events/dry-run.json
`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
for (const { title, message } of services.simulators.pushover.received) {
  process.stdout.write(`pushed: ${title}\n${message}\n`);
}
published.close();
await services.close();
process.exit();
