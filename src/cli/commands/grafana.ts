import type { Command } from 'commander';
import { grafanaDashboard } from '../grafana-dashboard.js';
import { print } from '../print.js';

export function addGrafana(program: Command): void {
  program
    .command('grafana')
    .description("print a Grafana dashboard for what the page's /metrics tells Prometheus")
    .action(() => print(JSON.stringify(grafanaDashboard(), null, 2)));
}
