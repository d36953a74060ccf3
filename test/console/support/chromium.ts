import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../../scripts/programs/chromium.js';

/** Chromium does not run its sandbox as root. */
const launchArguments = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: findChromium(), args: launchArguments });

export const wide = { width: 1440, height: 900 };
export const narrow = { width: 390, height: 844 };
