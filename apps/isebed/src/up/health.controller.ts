import { Controller, Get, Header, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LiveTestbed } from './live-testbed.ts';
import { TestbedMetrics } from './testbed-metrics.ts';

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly live: LiveTestbed,
    private readonly metrics: TestbedMetrics,
  ) {}

  @Get('livez')
  @ApiOperation({ summary: 'The process answers' })
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @ApiOperation({
    summary: 'Everything listens and can be kept; else 503 and why, as while the testbed is being reset',
  })
  readyz(): { status: 'ok' } {
    const { complaints } = this.live;
    if (complaints.length > 0) throw new ServiceUnavailableException(complaints);
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Metrics for Prometheus' })
  scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
