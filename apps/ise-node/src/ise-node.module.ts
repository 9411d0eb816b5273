import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { hasPersona } from '#libs/deployment';
import { AlarmRaiser } from './cluster/alarm-raiser.ts';
import { AdminSignIn } from './cluster/admin-sign-in.ts';
import { ClusterPeers } from './cluster/cluster-peers.ts';
import { MembershipController } from './cluster/membership.controller.ts';
import { Membership } from './cluster/membership.ts';
import { MntWatch } from './cluster/mnt-watch.ts';
import { MailFailureAlarms } from './cluster/mail-failure-alarms.ts';
import { NodeController } from './cluster/node.controller.ts';
import { PanHealthCheck } from './cluster/pan-health-check.ts';
import { ReplicationController } from './cluster/replication.controller.ts';
import { AdminCredentials } from './http/admin-credentials.ts';
import { PublicApiModule } from './http/public-api.module.ts';
import { MntModule } from './mnt/mnt.module.ts';
import { NodeContext } from './node-context.ts';
import { PanModule } from './pan/pan.module.ts';
import { PsnModule } from './psn/psn.module.ts';

/** The parts that every persona of a node uses. */
@Module({})
class NodeCoreModule {
  static for(context: NodeContext, credentials: AdminCredentials): DynamicModule {
    return {
      module: NodeCoreModule,
      controllers: [MembershipController, NodeController, ReplicationController],
      providers: [
        { provide: NodeContext, useValue: context },
        { provide: AdminCredentials, useValue: credentials },
        { provide: ClusterPeers, useFactory: () => new ClusterPeers(context) },
        AdminSignIn,
        AlarmRaiser,
        MailFailureAlarms,
        Membership,
        MntWatch,
        PanHealthCheck,
      ],
      exports: [NodeContext, AdminCredentials, AdminSignIn, ClusterPeers, AlarmRaiser, Membership, MntWatch],
    };
  }
}

/** One ISE node: its core, and a module for each persona it has. */
@Module({})
export class IseNodeModule {
  static for(context: NodeContext, credentials: AdminCredentials): DynamicModule {
    const { definition } = context;
    const core = NodeCoreModule.for(context, credentials);
    const personas: DynamicModule[] = [];
    if (hasPersona(definition, 'Administration')) personas.push({ module: PanModule, imports: [core] });
    if (hasPersona(definition, 'Policy Service')) personas.push({ module: PsnModule, imports: [core] });
    if (hasPersona(definition, 'Monitoring')) personas.push({ module: MntModule, imports: [core] });
    return {
      module: IseNodeModule,
      imports: [core, ScheduleModule.forRoot(), ...personas, PublicApiModule.for([core, ...personas])],
    };
  }
}
