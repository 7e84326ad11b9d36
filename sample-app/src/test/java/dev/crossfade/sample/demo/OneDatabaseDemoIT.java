package dev.crossfade.sample.demo;

class OneDatabaseDemoIT extends DemoContract {

    OneDatabaseDemoIT() {
        super(Topology.ONE_DATABASE);
    }
}
