import { readXml } from '../src/domains/speakers/testing/well-formed-xml.js';
import { World } from './harness/service.js';

interface Stats {
  turns: number;
  ignoredTurns: number;
  duration: number;
  overlap: number;
  speakers: unknown[];
}

describe('The result', () => {
  let world: World;

  beforeAll(async () => {
    world = await (await World.create('results-strange')).start();
  });

  afterAll(() => world.end());

  /** A job with this result, whatever a vendor would say. */
  async function jobWith(result: object): Promise<string> {
    await world.vendor.fault('hang');
    const { id } = await world.diarize();
    await world.until(id, 'running');
    await world.vendor.clearFaults();
    const done = await world.client.post(`/v1/jobs/${id}/resolve`, { to: 'succeeded', result, reason: 'a test' });
    expect(done.status).toBe(200);
    return id;
  }

  const get = async <T = string>(id: string, format: string) =>
    (await world.client.get<T>(`/v1/jobs/${id}/result?format=${format}`)).body;

  it('of strange turns is still of its form, whatever the vendor called the speakers', async () => {
    const diarization = [
      { speaker: '=HYPERLINK("http://x")', start: 0, end: 2 },
      { speaker: '<b>Ada & "Bob"</b>\n-->', start: 1, end: 3 },
      { speaker: '👩‍🚀', start: -1, end: 1 },
      { speaker: 'x'.repeat(3_000), start: 4, end: 5 },
      { speaker: 'none', start: 5, end: 5 },
      { speaker: 'none', start: null, end: 5 },
    ];
    const turnLevelTranscription = [{ speaker: '<b>\n-->', start: 0, end: 1, text: 'a --> b\n\nWEBVTT <i>' }];
    const id = await jobWith({ diarization, turnLevelTranscription });
    expect(await get(id, 'csv')).toContain('"\'=HYPERLINK(""http://x"")",0.000,2.000,2.000\r\n');
    for (const line of (await get(id, 'rttm')).trimEnd().split('\n')) expect(line.split(' ')).toHaveLength(10);
    expect(await get(id, 'vtt')).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v &lt;b&gt; --&gt;>a --&gt; b WEBVTT &lt;i&gt;</v>\n',
    );
    expect(readXml(await get(id, 'svg')).filter(({ name }) => name === 'path')).toHaveLength(4);
    expect(await get<Stats>(id, 'stats')).toMatchObject({
      turns: 4,
      ignoredTurns: 2,
      overlap: 2,
    });
  });

  it('of an audio in which nobody speaks is empty in every form', async () => {
    const id = await jobWith({ diarization: [] });
    expect(await get(id, 'rttm')).toBe('');
    expect(await get(id, 'csv')).toBe('speaker,start,end,duration\r\n');
    expect(await get(id, 'svg')).toContain('nobody speaks');
    expect(await get<Stats>(id, 'stats')).toMatchObject({ duration: 0, speakers: [] });
  });
});
