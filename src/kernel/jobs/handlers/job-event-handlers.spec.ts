import { Injectable, Module, Scope } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { JobEventHandlers } from './job-event-handlers.js';
import { OnJobEvent } from './on-job-event.js';
import type { HandledEvent, HandledJob } from './on-job-event.js';

const job = { id: 'j' } as HandledJob;
const event: HandledEvent = { type: 'call.failed', attempt: 1, signal: new AbortController().signal };

@Injectable()
class Bookkeeper {
  readonly heard: string[] = [];

  @OnJobEvent('call.*')
  @OnJobEvent('*.failed', { timeout: 5 })
  note(about: HandledJob, { type }: HandledEvent) {
    this.heard.push(`${about.id} ${type}`);
  }

  @OnJobEvent('diarization.succeeded', { name: 'crm' })
  tell() {
    return Promise.resolve();
  }

  other() {
    return 'nobody calls this';
  }
}

class Heir extends Bookkeeper {}

async function handlersOf(...providers: unknown[]): Promise<JobEventHandlers> {
  @Module({ imports: [DiscoveryModule], providers: [JobEventHandlers, ...(providers as Type[])] })
  class House {}
  const made = await Test.createTestingModule({ imports: [House] }).compile();
  await made.init();
  return made.get(JobEventHandlers);
}

describe('handlers of job events', () => {
  it('are found wherever they are, with their names, patterns and time-outs', async () => {
    const all = (await handlersOf(Bookkeeper)).all();
    expect(all.map(({ name, patterns, timeoutMs }) => [name, [...patterns].sort(), timeoutMs])).toEqual([
      ['Bookkeeper.note', ['*.failed', 'call.*'], 5_000],
      ['crm', ['diarization.succeeded'], 60_000],
    ]);
  });

  it('are meant once by an event, by however many patterns, and run on their own object', async () => {
    const bookkeeper = new Bookkeeper();
    const handlers = await handlersOf({ provide: Bookkeeper, useValue: bookkeeper });
    const [handler, ...others] = handlers.of('call.failed');
    expect(others).toEqual([]);
    await handler?.call(job, event);
    expect(bookkeeper.heard).toEqual(['j call.failed']);
    expect(handlers.of('training.succeeded')).toEqual([]);
  });

  it('are one, under however many tokens their object is known', async () => {
    const all = (await handlersOf(Bookkeeper, { provide: 'other', useExisting: Bookkeeper })).all();
    expect(all).toHaveLength(2);
  });

  it('end the start when two have one name', async () => {
    await expect(handlersOf(Bookkeeper, Heir)).rejects.toThrow('the handler crm is there twice');
  });

  it('end the start when there would be one of them per request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Fleeting {
      @OnJobEvent('*')
      note() {
        return undefined;
      }
    }
    await expect(handlersOf(Fleeting)).rejects.toThrow('default scope');
  });

  it.each<[string, string, object]>([
    ['a pattern that is none', 'diarization', {}],
    ['one that never comes', '*.running', {}],
    ['a name that is none', '*', { name: 'a/b' }],
    ['no time', '*', { timeout: 0 }],
  ])('end the start with %s', async (_, pattern, options) => {
    class Wrong {
      @OnJobEvent(pattern, options)
      note() {
        return undefined;
      }
    }
    await expect(handlersOf(Wrong)).rejects.toThrow(/the handler|is no name/);
  });
});
