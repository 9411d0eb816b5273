// Writes what real clients print into docs/clients.md, from the records that the client tests leave in out/clients/:
//   npm run test:clients; npm run clients-table:update
import { readFileSync, writeFileSync } from 'node:fs';
import { clientsPage, recordedSections, withSections } from './clients-table.ts';

writeFileSync(clientsPage, withSections(readFileSync(clientsPage, 'utf8'), recordedSections()));
