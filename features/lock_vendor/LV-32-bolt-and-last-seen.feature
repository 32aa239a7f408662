@LV-32
Feature: Status tells the bolt and the last contact

  Scenario: The bolt
    Then the status of a working lock tells its bolt truly

  Scenario: The last contact
    Then the status of a working lock tells a plausible time of last contact
