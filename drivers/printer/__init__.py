"""Receipt printers: a document of blocks, laid out in printer columns, sent as ESC/POS bytes or drawn as a picture."""
