package dev.crossfade.sample.demo;

class TwoDatabasesDemoIT extends DemoContract {

    TwoDatabasesDemoIT() {
        super(Topology.TWO_DATABASES);
    }
}
