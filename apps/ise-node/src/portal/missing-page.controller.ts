import { All, NotFoundException } from '@nestjs/common';
import { PagesController } from './portal-controller.ts';

/** Whatever no other controller of the portals serves: the last one of them. */
@PagesController('')
export class MissingPageController {
  @All(['portal/*path', 'sponsorportal/*path'])
  missing(): never {
    throw new NotFoundException();
  }
}
