import { repairAddress, repairMerchant } from './repair.js';

describe('repairing misread words', () => {
  it.each([
    ['TAHAN DUA', 'TAMAN DUA'],
    ['Jaian Satu', 'Jalan Satu'],
    ['JALAN RAYA, CITY HALL', 'JALAN RAYA, CITY HALL'],
    ['3 JIN LIMA', '3 JLN LIMA'],
    ['411S0 KLANG', '41150 KLANG'],
    ['L0T 12 JALAN SATU', 'LOT 12 JALAN SATU'],
    ['NO l2, 520O0 KL', 'No.12, 52000 KL'],
    ['CI7TA MALL, PETAL[NG JAYA', 'CITTA MALL, PETALING JAYA'],
    ['LOT 5-l, UI3/X', 'LOT 5-1, U13/X'],
    ['GEORGE T0WN, 0RCHARD ROAD', 'GEORGE TOWN, ORCHARD ROAD'],
    ['JALAN RAJAWALI 2A', 'JALAN RAJAWALI 2A'],
  ])('in the address "%s"', (read, expected) => {
    expect(repairAddress(read)).toBe(expected);
  });

  it.each([
    ['GREEN LEAF SDN 8HD', 'GREEN LEAF SDN BHD'],
    ['GREEN LEAF SIN BHD', 'GREEN LEAF SDN BHD'],
    ['GREEN LEAF SDN. HD.', 'GREEN LEAF SDN BHD.'],
    ['GREEN LEAF 5/B', 'GREEN LEAF S/B'],
    ['LEAF BAKER1ES', 'LEAF BAKERIES'],
    ['LEAF ENTERPR1SE', 'LEAF ENTERPRISE'],
    ['GREEN HARLWARE', 'GREEN HARDWARE'],
    ['K9 TRADING', 'K9 TRADING'],
  ])('in the name "%s"', (read, expected) => {
    expect(repairMerchant(read)).toBe(expected);
  });
});
