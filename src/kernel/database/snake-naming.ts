import { DefaultNamingStrategy } from 'typeorm';

/** Columns are the property's name in snake_case; constraints and indexes are named by hand where they are declared. */
export class SnakeNaming extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined): string {
    return customName ?? propertyName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
