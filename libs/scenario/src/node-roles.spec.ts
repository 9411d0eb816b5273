import type { PersonaName } from './given.ts';
import { assignRoles, roleMistakes } from './node-roles.ts';

const ALL: PersonaName[] = ['Administration', 'Policy Service', 'Monitoring'];

describe('a list of nodes', () => {
  it('gets the roles that it leaves open in its order', () => {
    expect(
      assignRoles([
        { name: 'a', personas: ALL },
        { name: 'b', personas: ALL },
        { name: 'c', personas: ['Policy Service'] },
      ]),
    ).toEqual([
      { name: 'a', personas: ALL, adminRole: 'primary', monitoringRole: 'active' },
      { name: 'b', personas: ALL, adminRole: 'secondary', monitoringRole: 'standby' },
      { name: 'c', personas: ['Policy Service'] },
    ]);
  });

  it('keeps the roles that it names, and fills in around them', () => {
    expect(
      assignRoles([
        { name: 'a', personas: ALL },
        { name: 'b', personas: ALL, role: 'primary' },
      ]),
    ).toMatchObject([
      { adminRole: 'secondary', monitoringRole: 'active' },
      { adminRole: 'primary', monitoringRole: 'standby' },
    ]);
  });

  it('is a deployment with one node that is everything', () => {
    expect(roleMistakes([{ name: 'a', personas: ALL }])).toEqual([]);
  });

  it('tells everything that keeps it from being a deployment', () => {
    const expected = roleMistakes([
      { name: 'a', personas: ['Administration'], role: ['primary', 'secondary'] },
      { name: 'a', personas: ['Administration'], role: ['primary', 'active'] },
    ]).map((mistake) => mistake.expected);
    expect(expected).toEqual([
      'primary or secondary, not both',
      'a name that no other node has',
      'a node with the Monitoring persona for the role active',
      'a node with the Policy Service persona',
      'one primary node, not 2',
      'one or two nodes with the Monitoring persona',
    ]);
  });

  it('has no second without a first', () => {
    expect(roleMistakes([{ name: 'a', personas: ALL, role: 'standby' }])).toEqual([
      { path: [], expected: 'the active node beside the standby one' },
    ]);
  });
});
