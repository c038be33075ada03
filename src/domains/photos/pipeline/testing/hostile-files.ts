import { crc32, deflateSync } from 'node:zlib';

/** 5,000 frames of one pixel. */
export function longGif(): Buffer {
  const head = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  const frame = Buffer.from('\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0', 'latin1');
  return Buffer.concat([head, ...Array.from({ length: 5000 }, () => frame), Buffer.from(';')]);
}

/** A PNG whose header says what it likes; its pixels are white and black, and all one row is there. */
export function pngOf(width: number, height: number, rows = 1): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * rows));
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** The same JPEG with another size in its header. */
export function jpegSaying(jpeg: Buffer, width: number, height: number): Buffer {
  const lying = Buffer.from(jpeg);
  const frame = lying.indexOf(Buffer.from([0xff, 0xc0, 0, 17]));
  lying.writeUInt16BE(height, frame + 5);
  lying.writeUInt16BE(width, frame + 7);
  return lying;
}

/** The same JPEG with an EXIF block of these bytes. */
export function jpegWithExif(jpeg: Buffer, exif: Buffer): Buffer {
  const block = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]);
  const mark = Buffer.from([0xff, 0xe1, (block.length + 2) >> 8, (block.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), mark, block, jpeg.subarray(2)]);
}

/** Pages of 200 × 300 points, red. */
export function pdfOf(pages: number, { locked = false } = {}): Buffer {
  const red = '1 0 0 rg 0 0 200 300 re f';
  const kids = Array.from({ length: pages }, (_, i) => `${4 + i} 0 R`).join(' ');
  const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]/Contents 3 0 R>>';
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${pages}/Kids[${kids}]>>`,
    `<</Length ${red.length}>>stream\n${red}\nendstream`,
    ...Array.from({ length: pages }, () => page),
  ].map((body, i) => `${i + 1} 0 obj\n${body}\nendobj\n`);
  const word = `<${'41'.repeat(32)}>`;
  const lock = locked ? `/Encrypt<</Filter/Standard/V 1/R 2/O${word}/U${word}/P -4>>/ID[<41><41>]` : '';
  const head = '%PDF-1.4\n';
  const starts = objects.map((_, i) => head.length + objects.slice(0, i).join('').length);
  const rows = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('');
  const body = head + objects.join('');
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<</Root 1 0 R/Size ${size}${lock}>>\n`;
  return Buffer.from(`${body}${table}startxref\n${body.length}\n%%EOF`);
}
